package io.millrace.connector.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import io.millrace.connector.s3.FaultyStore.Crash;
import io.millrace.connector.s3.FaultyStore.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Whatever dies when, and whoever believes to own a partition: every offset is stored once. */
class ExactlyOnceTest {

    private static final Pattern OFFSET = Pattern.compile("\"__partition\":(\\d+),\"__offset\":(\\d+)");
    private static final int PARTITIONS = 3;

    @Test
    void storesEveryOffsetOnceWhicheverStepIsTheLast() {
        Plan whole = new Plan();
        inFolder(folder -> runToTheEnd(folder, whole));
        assertThat(whole.steps).isGreaterThan(20);

        for (int step = 1; step <= whole.steps; step++) {
            Plan plan = new Plan();
            plan.crashAt = step;
            inFolder(folder -> runToTheEnd(folder, plan));
        }
    }

    @Test
    void storesEveryOffsetOnceWhicheverStepIsBusy() {
        Plan whole = new Plan();
        inFolder(folder -> runToTheEnd(folder, whole));

        for (int step = 1; step <= whole.steps; step++) {
            Plan plan = new Plan();
            plan.busyAt = step;
            inFolder(folder -> runToTheEnd(folder, plan));
        }
    }

    /**
     * Polls, clock and commits in a fixed order; starts again after a crash, and polls again when the store was busy.
     */
    private static void runToTheEnd(Path folder, Plan plan) {
        List<SinkRecord> records = log(new Random(3), 10);
        SimSinkRuntime runtime = runtime(folder, plan).append(records);
        boolean done = false;
        while (!done) {
            try {
                runtime.start();
                pollAndCommit(runtime);
                drainThroughBusyness(runtime);
                runtime.shutDown();
                // What could not be stored at the end is delivered again at the next start.
                runtime.start();
                drainThroughBusyness(runtime);
                runtime.advance(10_000);
                drainThroughBusyness(runtime);
                done = true;
            } catch (Crash | ConnectException e) {
                requireCrash(e);
                runtime.crash();
            }
        }
        assertStoredOnce(folder, records);
        assertThat(Duck.list(folder)).as("drafts left behind").hasSameSizeAs(Duck.files(folder));
    }

    private static void pollAndCommit(SimSinkRuntime runtime) {
        for (int i = 0; i < 6; i++) {
            runtime.advance(400);
            pollThroughBusyness(runtime, 3);
            if (i % 3 == 2) {
                runtime.commit();
            }
        }
    }

    /** Twice, since the one step that is busy may be in either. */
    private static void drainThroughBusyness(SimSinkRuntime runtime) {
        pollThroughBusyness(runtime, Integer.MAX_VALUE);
        runtime.drain();
    }

    private static void pollThroughBusyness(SimSinkRuntime runtime, int most) {
        try {
            runtime.poll(most);
        } catch (RetriableException e) {
            assertThat(e).hasMessage("busy");
        }
    }

    /** Two tasks, each believing that the partitions are its own; random batches, clocks, commits, crashes and ends. */
    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void storesEveryOffsetOnceInAnyHistory(@ForAll @LongRange(min = 0) long seed) {
        inFolder(folder -> {
            Random random = new Random(seed);
            List<SinkRecord> records = log(random, 20);
            SimSinkRuntime owner = runtime(folder, new Plan()).append(records).start();
            SimSinkRuntime zombie = runtime(folder, new Plan()).append(records).start();
            for (int i = 0; i < 40; i++) {
                step(random.nextInt(4) == 0 ? zombie : owner, random);
            }
            owner.crash();
            owner.start().drain();
            owner.advance(10_000);
            owner.drain();
            assertStoredOnce(folder, records);
        });
    }

    private static void step(SimSinkRuntime runtime, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> {
                runtime.crash();
                runtime.start();
            }
            case 1 -> {
                runtime.shutDown();
                runtime.start();
            }
            case 2, 3 -> runtime.commit();
            case 4, 5 -> runtime.advance(random.nextInt(1_500));
            default -> pollUntilTakenOver(runtime, random.nextInt(8));
        }
    }

    /** The other task, when it starts, sweeps the drafts of this one; then this one has to start anew. */
    private static void pollUntilTakenOver(SimSinkRuntime runtime, int most) {
        try {
            runtime.poll(most);
        } catch (ConnectException e) {
            assertThat(e).hasMessageContaining("another task has taken the partition over");
            runtime.crash();
            runtime.start();
        }
    }

    private static SimSinkRuntime runtime(Path folder, Plan plan) {
        Map<String, String> config = Map.of(
                "store.url", folder.toUri().toString(),
                "format.class", "json",
                "flush.size", "5",
                "rotate.schedule.interval.ms", "1000");
        return Runtimes.on(config, store -> new FaultyStore(store, plan));
    }

    /** Rows, wider rows and deletes, with offsets that are not dense. */
    private static List<SinkRecord> log(Random random, int rows) {
        List<SinkRecord> log = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long offset = random.nextInt(3);
            for (int i = 0; i < rows; i++) {
                log.add(Rows.any(partition, offset, random.nextInt(8)));
                offset += random.nextInt(5) == 0 ? 3 : 1;
            }
        }
        return log;
    }

    private static void requireCrash(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        assertThat(root).isInstanceOf(Crash.class);
    }

    private static void assertStoredOnce(Path folder, List<SinkRecord> records) {
        List<String> stored = new ArrayList<>();
        for (String file : Duck.files(folder)) {
            Matcher matcher = OFFSET.matcher(read(folder.resolve(file)));
            while (matcher.find()) {
                stored.add(matcher.group(1) + "@" + matcher.group(2));
            }
        }
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(records.stream()
                        .map(record -> record.kafkaPartition() + "@" + record.kafkaOffset())
                        .toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void inFolder(java.util.function.Consumer<Path> test) {
        try {
            Path folder = Files.createTempDirectory("millrace-s3-test");
            test.accept(folder);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
