package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a broker that is a process of its own, under load, again and again. {@code -Dkill.rounds=100} is the long
 * form; {@code -Dkill.seed=N} repeats the moments of a run.
 */
class BrokerKillTest {

    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final String COMPACTS_OFTEN = "log.cleaner.backoff.ms=200";
    private static final int PROMISES_BETWEEN_MAX = 3_000;

    @TempDir
    Path directory;

    @Test
    @DisplayName("A1 A11 A14 A16 A25: kill -9 at any moment loses nothing, doubles nothing, and takes no commit back")
    void killsLoseNothingDoubleNothingAndTakeNoCommitBack() throws Exception {
        long seed = Long.getLong("kill.seed", System.nanoTime());
        Random random = new Random(seed);
        ChildBroker child = new ChildBroker(directory, new HostPort("127.0.0.1", 0), List.of(), COMPACTS_OFTEN);
        HostPort address = child.address();
        try (Workload load = Workload.start(address, "group-commit")) {
            for (int round = 0; round < ROUNDS; round++) {
                long target = load.acknowledged() + random.nextInt(PROMISES_BETWEEN_MAX);
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> load.acknowledged() >= target || load.isBroken());
                child.kill();
                child = new ChildBroker(directory, address, List.of(), COMPACTS_OFTEN);
            }
            Verdict verdict = load.end(address);
            System.out.printf("%d kills, seed %d: %s%n", ROUNDS, seed, verdict);
            assertThat(verdict.flaws()).as("seed %d", seed).isEmpty();
            assertThat(verdict.lost()).isZero();
            assertThat(verdict.acknowledged()).isPositive();
        } finally {
            child.kill();
        }
    }
}
