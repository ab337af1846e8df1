package io.millrace.connector.s3;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of its partitions as files, each offset exactly once.
 *
 * <p>The story of a record:
 *
 * <ol>
 *   <li>{@link #put} hands it to the writer of its partition, which first asks the store how far the partition has been
 *       delivered, and has the log go on there when that is further than the group's offset.
 * <li>It becomes a row of a draft, a file that nobody sees. The draft is finished when it has enough rows or bytes,
 * when its rows are too far apart or have waited too long, when the next row has other columns, or when the open drafts
 * of the task need too much memory.
 *   <li>The finished draft is stored in one step, under the name of its first offset, with its last offset beside it,
 *       and only if no file has this name yet.
 *   <li>{@link #preCommit} gives the group's offset, which only ever follows what is stored.
 * </ol>
 *
 * <p>So a crash at any moment loses drafts, which are delivered again, and never a file or a name. By the clock or not,
 * every offset is in one file: the next file always begins behind the last one that is stored.
 *
 * <p>Thread rule: the runtime calls one method at a time. Files that are due together are stored together, on threads
 * that live within one call.
 *
 * <p>Errors: {@link RetriableException} from {@link #put} when the store does not answer or is busy, and the same
 * records may be put again; {@link ConnectException} when somebody has to repair something first. A record that cannot
 * be written goes to the dead letter queue when there is one.
 */
public final class S3SinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(S3SinkTask.class);
    private static final int REQUESTS_AT_ONCE = 8;

    private final InstantSource clock;
    private final Function<S3SinkConfig, ObjectStore> stores;

    /** The one that was left alone longest comes first. */
    private final Map<TopicPartition, PartitionWriter> writers = new LinkedHashMap<>(16, 0.75f, true);

    private @Nullable Running running;
    private boolean delivered = true;
    private long bufferedBytes;

    /** What there is between {@link #start} and {@link #stop}. */
    private record Running(
            S3SinkConfig config,
            ObjectStore store,
            ExecutorService requests,
            @Nullable ErrantRecordReporter reporter) {}

    /** A task with the clock of the machine and the store of its config. */
    public S3SinkTask() {
        this(InstantSource.system(), S3SinkTask::store);
    }

    S3SinkTask(InstantSource clock, Function<S3SinkConfig, ObjectStore> stores) {
        this.clock = clock;
        this.stores = stores;
    }

    static ObjectStore store(S3SinkConfig config) {
        return config.isFolder() ? new FolderStore(config.folder()) : new S3Store(config);
    }

    @Override
    public String version() {
        return S3SinkConnector.pluginVersion();
    }

    /**
     * Connects to the store.
     *
     * @throws ConnectException in one sentence, when the store cannot be used
     */
    @Override
    public void start(Map<String, String> props) {
        S3SinkConfig config = S3SinkConfig.of(props);
        running = new Running(
                config,
                stores.apply(config),
                Executors.newFixedThreadPool(
                        REQUESTS_AT_ONCE,
                        Thread.ofVirtual().name("s3-request-", 0).factory()),
                context.errantRecordReporter());
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (delivered) {
            writers.values().forEach(PartitionWriter::polled);
        }
        delivered = false;
        try {
            long now = clock.millis();
            locate(records);
            for (SinkRecord record : records) {
                take(record, now);
            }
            publish(writers.values().stream()
                    .filter(writer -> writer.dueMillis() <= now)
                    .toList());
        } catch (RetriableException e) {
            context.timeout(running().config().getLong(S3SinkConfig.RETRY_BACKOFF));
            throw e;
        }
        delivered = true;
        wakeWhenDue();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();
        writers.forEach((partition, writer) ->
                writer.durable().ifPresent(offset -> stored.put(partition, new OffsetAndMetadata(offset))));
        return stored;
    }

    /** Stores what is open, unless files shall have nothing to do with the clock; drops what cannot be stored. */
    @Override
    public void close(Collection<TopicPartition> partitions) {
        List<PartitionWriter> closing = partitions.stream()
                .map(writers::remove)
                .filter(writer -> writer != null && writer.isOpen())
                .toList();
        try {
            if (running().config().rotation().scheduleMillis() >= 0) {
                publish(closing);
            }
        } catch (ConnectException e) {
            LOG.warn("Files of closed partitions are dropped, their records will be delivered again", e);
        } finally {
            closing.forEach(PartitionWriter::discard);
        }
    }

    @Override
    public void stop() {
        writers.values().forEach(PartitionWriter::discard);
        writers.clear();
        if (running != null) {
            running.requests().close();
            running.store().close();
            running = null;
        }
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("The task is not started");
        }
        return running;
    }

    private void take(SinkRecord record, long nowMillis) {
        PartitionWriter writer = writer(record);
        long before = writer.bufferedBytes();
        boolean wasOpen = writer.isOpen();
        try {
            writer.write(record, nowMillis);
        } catch (DataException e) {
            refuse(writer, record, e);
        }
        bufferedBytes += writer.bufferedBytes() - before;
        S3SinkConfig.Bounds bounds = running().config().bounds();
        if (bufferedBytes > bounds.bufferBytes()) {
            openWriters()
                    .max(Comparator.comparingLong(PartitionWriter::bufferedBytes))
                    .ifPresent(this::evict);
        }
        if (!wasOpen && openWriters().count() > bounds.openFiles()) {
            openWriters().findFirst().ifPresent(this::evict);
        }
    }

    private void refuse(PartitionWriter writer, SinkRecord record, DataException why) {
        String where = record.originalTopic() + "-" + record.originalKafkaPartition() + " offset "
                + record.originalKafkaOffset();
        DataException named = new DataException(where + ": " + why.getMessage(), why);
        ErrantRecordReporter reporter = running().reporter();
        if (reporter == null) {
            throw named;
        }
        // The runtime waits for these reports before it commits the offset of the record.
        var _ = reporter.report(record, named);
        writer.skip(record);
    }

    /** Those with an open file, the one that was left alone longest first. */
    private Stream<PartitionWriter> openWriters() {
        return writers.values().stream().filter(PartitionWriter::isOpen);
    }

    private void evict(PartitionWriter writer) {
        publish(List.of(writer));
    }

    /** Stores the files of these writers. */
    private void publish(List<PartitionWriter> due) {
        due.forEach(PartitionWriter::seal);
        try {
            together(due, PartitionWriter::send, PartitionWriter::settle);
        } finally {
            bufferedBytes =
                    openWriters().mapToLong(PartitionWriter::bufferedBytes).sum();
        }
    }

    /** Finds out what the store has of partitions that show up for the first time. */
    private void locate(Collection<SinkRecord> records) {
        records.forEach(this::writer);
        List<PartitionWriter> unknown =
                writers.values().stream().filter(writer -> !writer.isLocated()).toList();
        together(unknown, PartitionWriter::locate, PartitionWriter::located);
    }

    private PartitionWriter writer(SinkRecord record) {
        return writers.computeIfAbsent(
                new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
                key -> new PartitionWriter(
                        key, record.topic(), running().config(), running().store(), context));
    }

    /** Asks the store for several writers at once, and lets each take note of its answer before a failure is thrown. */
    private void together(
            List<PartitionWriter> each,
            Function<PartitionWriter, OptionalLong> request,
            BiConsumer<PartitionWriter, OptionalLong> answer) {
        List<Callable<OptionalLong>> requests = new ArrayList<>();
        each.forEach(writer -> requests.add(() -> request.apply(writer)));
        ConnectException failure = null;
        try {
            List<Future<OptionalLong>> answers = running().requests().invokeAll(requests);
            for (int i = 0; i < answers.size(); i++) {
                try {
                    answer.accept(each.get(i), answers.get(i).get());
                } catch (ExecutionException e) {
                    failure = worse(failure, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while the store was asked", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Of two failures the one that waiting does not heal. */
    private static ConnectException worse(@Nullable ConnectException known, ExecutionException e) {
        ConnectException next = e.getCause() instanceof ConnectException failure
                ? failure
                : new ConnectException("The store failed: " + e.getCause(), e.getCause());
        return known == null || known instanceof RetriableException ? next : known;
    }

    /** Has the runtime call {@link #put} again, with or without records, when the next file is due. */
    private void wakeWhenDue() {
        long due = openWriters().mapToLong(PartitionWriter::dueMillis).min().orElse(Long.MAX_VALUE);
        if (due < Long.MAX_VALUE) {
            context.timeout(Math.max(1, due - clock.millis()));
        }
    }
}
