package io.millrace.log.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.server.metadata.MetadataLog.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisMetadataLogTest {

    private static final String CLUSTER = "AAAAAAAAAAEAAAAAAAAAAg";

    @TempDir
    Path directory;

    @Test
    void batchesComeOutInOrderAndWithTheirOriginOnlyInTheSameRun() throws Exception {
        Heard first = new Heard();
        try (MetadataLog log = open(true, first)) {
            assertThat(append(log, new Origin(2, 7), ids(10))).isNull();
            assertThat(append(log, null, ids(20))).isNull();
            assertThat(first.indexes).containsExactly(0L, 1L);
            assertThat(first.origins).containsExactly(new Origin(2, 7), null);
        }
        Heard second = new Heard();
        try (MetadataLog log = open(false, second)) {
            assertThat(second.indexes).containsExactly(0L, 1L);
            assertThat(second.origins).containsExactly(null, null);
            assertThat(append(log, new Origin(0, 1), ids(30))).isNull();
            assertThat(second.indexes).containsExactly(0L, 1L, 2L);
            assertThat(second.image.nextProducerId()).isEqualTo(30);
        }
        assertThat(first.failures).isEmpty();
        assertThat(second.failures).isEmpty();
    }

    @Test
    void aSnapshotStandsForTheBatchesBeforeIt() throws Exception {
        try (MetadataLog log = open(true, new Heard())) {
            for (int from = 1; from <= 5_000; from += 1_000) {
                List<CompletableFuture<@Nullable String>> appended = IntStream.range(from, from + 1_000)
                        .mapToObj(i -> log.append(null, ids(i)))
                        .toList();
                CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new))
                        .get(30, TimeUnit.SECONDS);
                assertThat(appended).allMatch(outcome -> outcome.join() == null);
            }
            await().until(() -> !snapshots().isEmpty());
        }
        Heard heard = new Heard();
        try (MetadataLog log = open(false, heard)) {
            assertThat(log.caughtUp()).isCompleted();
            assertThat(heard.indexes.getFirst()).isGreaterThan(1_000);
            assertThat(heard.indexes.getLast()).isEqualTo(4_999);
            assertThat(heard.image.nextProducerId()).isEqualTo(5_000);
        }
    }

    @Test
    void theEpochGrowsWithEveryStart() throws Exception {
        int first;
        try (MetadataLog log = open(true, new Heard())) {
            first = log.epoch();
            assertThat(first).isPositive();
        }
        try (MetadataLog log = open(false, new Heard())) {
            assertThat(log.epoch()).isGreaterThan(first);
        }
    }

    @Test
    void aMissingLogIsNotTakenForAnEmptyOne() {
        assertThatThrownBy(() -> open(false, new Heard())).isInstanceOf(IOException.class);
    }

    @Test
    void aBatchBeyondTheLimitIsRefusedAndTheNextOneIsNot() throws Exception {
        try (MetadataLog log = open(true, new Heard())) {
            String name = "x".repeat(RatisSettings.ENTRY_BYTES_MAX);
            assertThat(append(log, null, List.of(new MetadataRecord.ClusterNamed(name))))
                    .isNotNull();
            assertThat(append(log, null, ids(1))).isNull();
        }
    }

    @Test
    void refusesToRunWhereAFailedSyncWouldCountAsDone() {
        RaftProperties async = RatisSettings.forOnePeer(directory);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(async, true);
        assertThatThrownBy(() -> RatisSettings.requireDurable(async)).isInstanceOf(IllegalStateException.class);

        RaftProperties unsafe = RatisSettings.forOnePeer(directory);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(unsafe, true);
        assertThatThrownBy(() -> RatisSettings.requireDurable(unsafe)).isInstanceOf(IllegalStateException.class);

        RatisSettings.requireDurable(RatisSettings.forOnePeer(directory));
    }

    @Test
    void everyDamagedByteOfAnEntryIsNoticed() {
        byte[] entry = MetadataEntryCodec.encode(new MetadataEntryCodec.Entry(1, new Origin(1, 2), ids(3)))
                .array();
        for (int i = 0; i < entry.length; i++) {
            byte[] damaged = entry.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> MetadataEntryCodec.decode(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aDamagedSnapshotIsNoticed() throws Exception {
        Path file = directory.resolve("snapshot");
        MetadataSnapshotStore.write(file, new MetadataSnapshotStore.Snapshot(5, ids(9)));
        assertThat(MetadataSnapshotStore.read(file)).isEqualTo(new MetadataSnapshotStore.Snapshot(5, ids(9)));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> MetadataSnapshotStore.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    private MetadataLog open(boolean format, Heard heard) throws Exception {
        MetadataLogConfig config = new MetadataLogConfig(directory.resolve("log"), CLUSTER, 1, List.of(1), format);
        MetadataLog log = RatisMetadataLog.open(config, heard);
        log.caughtUp().get(30, TimeUnit.SECONDS);
        return log;
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .toList();
        }
    }

    private static @Nullable String append(MetadataLog log, @Nullable Origin origin, List<MetadataRecord> records)
            throws Exception {
        return log.append(origin, records).get(30, TimeUnit.SECONDS);
    }

    private static List<MetadataRecord> ids(long next) {
        return List.of(new MetadataRecord.ProducerIdsAllocated(next));
    }

    /** Written by the metadata log's thread, read by the test after a future of it. */
    private static final class Heard implements MetadataLog.Listener {
        final List<Long> indexes = new ArrayList<>();
        final List<@Nullable Origin> origins = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        ClusterImage image = ClusterImage.empty();

        @Override
        public void committed(long index, @Nullable Origin origin, List<MetadataRecord> records) {
            indexes.add(index);
            origins.add(origin);
            image = image.apply(records);
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }
    }
}
