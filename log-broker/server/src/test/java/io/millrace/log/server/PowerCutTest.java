package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power is cut under load: the process stops at once, the file system of the data directory is shut down and
 * mounted anew. {@code -Dpower.cuts=20} is the long form for each file system. {@code -Dpower.flush=os} shows, and does
 * not judge, what {@code log.flush=os} loses.
 *
 * <p>The process stops first, as on a real machine: one that went on would be told of syncs that were done, after the
 * file system was shut down, and were not (docs/durability.md).
 */
class PowerCutTest {

    private static final int CUTS = Integer.getInteger("power.cuts", 1);
    private static final String FLUSH = System.getProperty("power.flush", "group-commit");
    private static final String COMPACTS_OFTEN = "log.cleaner.backoff.ms=200";
    private static final int PROMISES_BETWEEN_MIN = 300;
    private static final int PROMISES_BETWEEN_MAX = 3_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "ext4"})
    @DisplayName("A2: a power cut under load loses nothing that was acknowledged")
    void aPowerCutLosesNothingThatWasAcknowledged(String fileSystem) throws Exception {
        long seed = Long.getLong("power.seed", System.nanoTime());
        try (LoopDisk disk = LoopDisk.require(directory, fileSystem)) {
            Verdict verdict = cut(disk, new Random(seed));
            System.out.printf("%s, log.flush=%s, %d cuts, seed %d: %s%n", fileSystem, FLUSH, CUTS, seed, verdict);
            assertThat(verdict.acknowledged()).isPositive();
            if (FLUSH.equals("group-commit")) {
                assertThat(verdict.flaws()).as("seed %d", seed).isEmpty();
                assertThat(verdict.lost()).isZero();
            }
        }
    }

    private static Verdict cut(LoopDisk disk, Random random) throws Exception {
        Path data = disk.path().resolve("data");
        ChildBroker child = new ChildBroker(data, new HostPort("127.0.0.1", 0), List.of(), COMPACTS_OFTEN);
        HostPort address = child.address();
        try (Workload load = Workload.start(address, FLUSH)) {
            for (int cut = 0; cut < CUTS; cut++) {
                long target = load.acknowledged() + random.nextInt(PROMISES_BETWEEN_MIN, PROMISES_BETWEEN_MAX);
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> load.acknowledged() >= target || load.isBroken());
                child.freeze();
                disk.cutPower();
                child.kill();
                disk.restorePower();
                child = new ChildBroker(data, address, List.of(), COMPACTS_OFTEN);
            }
            return load.end(address);
        } finally {
            child.kill();
        }
    }
}
