package io.millrace.bench.micro;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.GroupReader;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TableTopic;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A log that takes everything at once and forgets it, and gives the same records at every poll. */
final class MemoryLog {

    static final TopicPartition PARTITION = new TopicPartition("bench", 0);

    private static final AppendedAt APPENDED = new AppendedAt(PARTITION, 1, 1_796_000_000_000L);

    private MemoryLog() {}

    /** As much of a client as one source or sink task needs. */
    static LogClient giving(List<StoredRecord> records) {
        return (LogClient) Proxy.newProxyInstance(
                MemoryLog.class.getClassLoader(),
                new Class<?>[] {LogClient.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "ensureTopic" -> false;
                    case "openAppender" -> new Appender();
                    case "openTable" -> new Table();
                    case "openReader" -> new Reader(records, (GroupReader.AssignmentListener) arguments[1]);
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** Acknowledges before it returns. */
    private static final class Appender implements LogAppender {

        @Override
        public void append(List<OutgoingRecord> batch, AppendListener listener) {
            for (int i = 0; i < batch.size(); i++) {
                listener.acknowledged(i, APPENDED);
            }
        }

        @Override
        public void flush() {
            // Nothing is under way.
        }

        @Override
        public void close(Duration timeout) {
            // Nothing is open.
        }
    }

    /** An empty table that stays empty. */
    private static final class Table implements TableTopic {

        @Override
        public CompletableFuture<AppendedAt> put(byte[] key, byte @Nullable [] value) {
            return CompletableFuture.completedFuture(APPENDED);
        }

        @Override
        public void readToEnd(Duration timeout) {
            // It holds nothing.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Has one partition, and the same records in it again and again. */
    private static final class Reader implements GroupReader {

        private final List<StoredRecord> records;
        private final AssignmentListener listener;
        private final Map<TopicPartition, Long> committed = new HashMap<>();
        private boolean joined;

        private Reader(List<StoredRecord> records, AssignmentListener listener) {
            this.records = records;
            this.listener = listener;
        }

        @Override
        public List<StoredRecord> poll(Duration timeout) {
            if (!joined) {
                joined = true;
                listener.assigned(assignment());
            }
            return records;
        }

        @Override
        public void wakeup() {
            // No poll waits.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public ConsumerGroupMetadata groupMetadata() {
            throw new UnsupportedOperationException("nobody commits in a transaction here");
        }

        @Override
        public long position(TopicPartition partition) {
            return 0;
        }

        @Override
        public Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
            return Map.copyOf(committed);
        }

        @Override
        public OptionalLong remaining(TopicPartition partition) {
            return OptionalLong.empty();
        }

        @Override
        public void seek(TopicPartition partition, long offset) {
            // The next poll gives the same records in any case.
        }

        @Override
        public void pause(Collection<TopicPartition> partitions) {
            // Nothing is read ahead.
        }

        @Override
        public void resume(Collection<TopicPartition> partitions) {
            // Nothing was held back.
        }

        @Override
        public void commit(Map<TopicPartition, Long> offsets) {
            committed.putAll(offsets);
        }

        @Override
        public void close(Duration timeout) {
            listener.revoked(assignment());
        }
    }
}
