package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spoiled requests of every key and version against a running broker. {@code -Dfuzz.frames=1000000} is the long form;
 * {@code -Dfuzz.seed=N} repeats a run.
 */
class FuzzTest {

    private static final int FRAMES = Integer.getInteger("fuzz.frames", 20_000);
    private static final int FRAMES_OF_CONNECTION = 12;
    private static final int CLIENTS = 4;
    private static final int QUEUED_BYTES_MAX = 32 << 20;
    private static final long HEAP_GROWTH_MAX = 3L * QUEUED_BYTES_MAX;

    @TempDir
    Path directory;

    @Test
    @DisplayName(
            "A51: spoiled requests are answered or end their connection; memory stays bounded, and others are exact")
    void spoiledRequestsHurtNobodyElse() throws Exception {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Map<String, String> limits = Map.of(BrokerSettings.QUEUED_BYTES_MAX, Integer.toString(QUEUED_BYTES_MAX));
        try (Broker broker = Broker.start(
                BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")).withConfigs(limits))) {
            long heapBefore = heapUsed();
            Verdict verdict = verdictOfOthersBesideSpoiledRequests(broker, seed);
            // By now the others have forgotten what they were promised.
            long heapGrowth = heapUsed() - heapBefore;
            System.out.printf("%d spoiled requests, seed %d: %s, heap +%d%n", FRAMES, seed, verdict, heapGrowth);
            assertThat(verdict.flaws()).as("seed %d", seed).isEmpty();
            assertThat(verdict.lost()).isZero();
            assertThat(broker.failure()).isNotDone();
            assertThat(broker.metrics().faults().failed())
                    .as("bugs, seed %d", seed)
                    .isZero();
            assertThat(broker.metrics().faults().malformed()).isPositive();
            assertThat(heapGrowth).isLessThan(HEAP_GROWTH_MAX);
        }
    }

    private static Verdict verdictOfOthersBesideSpoiledRequests(Broker broker, long seed) throws Exception {
        try (Workload others = Workload.start(broker.listenAddress(), "group-commit")) {
            List<Future<Boolean>> fuzzing = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int client = 0; client < CLIENTS; client++) {
                    RequestFuzzer fuzzer = new RequestFuzzer(seed + client);
                    fuzzing.add(threads.submit(() -> sendAll(broker, fuzzer)));
                }
            }
            for (Future<Boolean> each : fuzzing) {
                assertThat(each.get()).as("seed %d", seed).isTrue();
            }
            return others.end(broker.listenAddress());
        }
    }

    /** Whether the broker ended every connection once there was no more to come from it. */
    private static boolean sendAll(Broker broker, RequestFuzzer fuzzer) throws IOException {
        boolean ended = true;
        for (int sent = 0; sent < FRAMES / CLIENTS; sent += FRAMES_OF_CONNECTION) {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < FRAMES_OF_CONNECTION; i++) {
                frames.add(fuzzer.next());
            }
            try (RawClient client = new RawClient(broker)) {
                ended &= client.sendAllAndEnd(frames);
            }
        }
        return ended;
    }

    private static long heapUsed() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
