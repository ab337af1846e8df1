package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole data path, as {@code millrace demo} runs it. */
class DemoIT {

    private static final int KILLS = Integer.getInteger("millrace.demo.kills", 10);
    private static final long ROWS = Long.getLong("millrace.demo.rows", 100_000);
    private static final long SEED = Long.getLong("millrace.demo.seed", System.nanoTime());
    private static final int ALIVE_MILLIS_MAX = 12_000;

    @TempDir
    private Path directory;

    @Test
    void endsByItselfAndReconciles() throws IOException, InterruptedException {
        try (Program demo = demo("--rows", "5000")) {
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output()).contains("RECONCILED").doesNotContain("DIFFERS");
        }
    }

    @Test
    void goesOnAfterCtrlC() throws IOException, InterruptedException {
        try (Program first = demo("--rate", "200")) {
            first.await("first row in the warehouse");
            first.interrupt();
            first.exitCode();
            assertThat(first.output()).contains("Ended.");
        }
        try (Program second = demo("--rows", "20000")) {
            assertThat(second.exitCode()).as(second.output()).isZero();
            assertThat(second.output()).contains("RECONCILED");
        }
    }

    /** kill -9 of the whole process, again and again at random moments; then the copies must still be equal. */
    @Test
    void reconcilesHoweverOftenItWasKilled() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Integer> moments = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            moments.add(random.nextInt(ALIVE_MILLIS_MAX));
            try (Program demo = demo("--rows", Long.toString(ROWS))) {
                killAfter(demo, moments.getLast());
            }
        }
        try (Program demo = demo("--rows", Long.toString(ROWS))) {
            String story = "seed " + SEED + ", killed after ms " + moments + "\n" + demo.output();
            assertThat(demo.exitCode()).as(story).isZero();
            assertThat(demo.output()).as(story).contains("RECONCILED").doesNotContain("DIFFERS");
        }
    }

    private static void killAfter(Program demo, int millis) throws InterruptedException {
        long began = System.nanoTime();
        Awaitility.await("moment to kill")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !demo.isAlive() || System.nanoTime() - began >= millis * 1_000_000L);
        demo.kill();
    }

    private Program demo(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("demo", "--data-dir", "demo"));
        command.addAll(List.of("--kafka-listen", "127.0.0.1:0", "--rest-listen", "127.0.0.1:0"));
        command.addAll(List.of(arguments));
        return Program.start(directory, command.toArray(String[]::new));
    }
}
