package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sync fails: strace has the k-th one of every thread of the broker give EIO. {@code -Dsync.failures=200} tries each
 * k from 1 to 200.
 */
class FailedSyncTest {

    private static final List<Integer> CALLS = List.of(2, 5, 20);
    private static final String TOPIC = "t";
    private static final int WRITES_AFTER = 15;

    /** What a client saw of a broker with a sync that fails. */
    private enum Outcome {
        NOT_STARTED,
        STOPPED_PARTITION,
        STOPPED_BROKER,
        NOT_SEEN
    }

    @TempDir
    Path directory;

    @Test
    @DisplayName("A32: a sync that fails is never taken for done; the partition stops, and reads go on")
    void aFailedSyncLosesNothingThatWasAcknowledged() throws Exception {
        assumeTrue(
                Program.works(List.of("strace", "-f", "-o", "/dev/null", "true")),
                "strace is not installed, or may not trace: apt-get install strace");
        int all = Integer.getInteger("sync.failures", 0);
        List<Integer> calls =
                all == 0 ? CALLS : IntStream.rangeClosed(1, all).boxed().toList();
        Map<Outcome, Integer> outcomes = new LinkedHashMap<>();
        long acknowledged = 0;
        for (int call : calls) {
            Path data = directory.resolve("fails-at-" + call);
            Map<Long, String> promised = new LinkedHashMap<>();
            outcomes.merge(failAt(call, data, promised), 1, Integer::sum);
            check(call, data, promised);
            acknowledged += promised.size();
        }
        System.out.printf(
                "sync failures at %s: %d records acknowledged, none lost; %s%n", calls, acknowledged, outcomes);
        assertThat(outcomes).containsKey(Outcome.STOPPED_PARTITION);
    }

    private static Outcome failAt(int call, Path data, Map<Long, String> promised) throws Exception {
        List<String> strace = List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qqq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO:when=" + call);
        try (ChildBroker child = new ChildBroker(data, new HostPort("127.0.0.1", 0), strace)) {
            HostPort address = child.address();
            boolean stopped = write(address, promised, call + WRITES_AFTER);
            if (!child.isAlive()) {
                return Outcome.STOPPED_BROKER;
            }
            assertThat(stored(address)).as("read while stopped, sync %d", call).containsAllEntriesOf(promised);
            assertThat(logDirHasFailed(address)).isEqualTo(stopped);
            return stopped ? Outcome.STOPPED_PARTITION : Outcome.NOT_SEEN;
        } catch (ChildBroker.EndedException e) {
            return Outcome.NOT_STARTED;
        }
    }

    /** One record after the other, until one is refused. Gives whether one was. */
    private static boolean write(HostPort address, Map<Long, String> promised, int records) throws Exception {
        Map<String, Object> configs = Map.of(
                // One that waits for a producer id from a broker that is gone never gives up.
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000,
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                ProducerConfig.LINGER_MS_CONFIG, 0);
        try (KafkaProducer<String, String> producer = TestClients.producer(address, configs)) {
            for (int i = 0; i < records; i++) {
                String value = "record " + i;
                promised.put(
                        producer.send(new ProducerRecord<>(TOPIC, 0, null, value))
                                .get()
                                .offset(),
                        value);
            }
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private static boolean logDirHasFailed(HostPort address) throws Exception {
        try (Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                    .flatMap(directories -> directories.values().stream())
                    .anyMatch(found -> found.error() instanceof KafkaStorageException);
        }
    }

    private static Map<Long, String> stored(HostPort address) {
        Map<Long, String> stored = new LinkedHashMap<>();
        for (ConsumerRecord<String, String> item : TestClients.readAll(address, TOPIC, 1)) {
            stored.put(item.offset(), item.value());
        }
        return stored;
    }

    /** The next start has it all, and takes more. */
    private static void check(int call, Path data, Map<Long, String> promised) throws IOException {
        try (ChildBroker child = new ChildBroker(data, new HostPort("127.0.0.1", 0), List.of())) {
            if (!promised.isEmpty()) {
                assertThat(stored(child.address())).as("after sync %d", call).containsAllEntriesOf(promised);
            }
            Map<Long, String> more = new LinkedHashMap<>();
            assertThat(refused(child.address(), more)).as("after sync %d", call).isNull();
        }
    }

    private static @Nullable Exception refused(HostPort address, Map<Long, String> promised) {
        try {
            return write(address, promised, 1) ? new IOException("refused") : null;
        } catch (Exception e) {
            return e;
        }
    }
}
