package io.millrace.connector.tables;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
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
 * Writes change records into tables, each record exactly once.
 *
 * <ol>
 *   <li>{@link #start}: connects, so that what is wrong with the settings shows before there is a record.
 *   <li>{@link #open}: reads the offsets that were committed with the rows, and asks the runtime to go on from there,
 *       whatever the group's own offsets say.
 *   <li>{@link #put}: writes and commits everything it is given, at most {@code batch.size} records per transaction.
 *       When it returns, the rows are visible, and it has asked the runtime to commit the group's offsets.
 *   <li>A failure that may pass becomes a {@link RetriableException}: the connection is closed, and the next put reads
 *       the offsets again, so a commit whose answer was lost is not repeated.
 *   <li>A record that the database refuses is found by halving the batch, and given to the
 *       {@link ErrantRecordReporter}; without one the task stops before it, everything earlier being written.
 * </ol>
 *
 * <p>Thread rule: as for every task, one thread at a time.
 */
public abstract class TableSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(TableSinkTask.class);
    private static final long BACKOFF_MS_MAX = 60_000;

    /** What a task has between start and stop. */
    private record Running(
            String connector, TableSinkConfig config, Dialect dialect, RowMapper mapper, TableWriter writer) {}

    private interface Attempt {
        void run() throws SQLException;
    }

    private @Nullable Running running;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Set<TopicPartition> unread = new HashSet<>();
    private final Set<TopicPartition> skipping = new HashSet<>();
    private final Set<TopicPartition> rewound = new HashSet<>();
    private int failures;

    /** The database that the settings name. */
    protected abstract Dialect dialect(Map<String, String> settings);

    @Override
    public String version() {
        return TableSinkConnector.versionOf(getClass());
    }

    @Override
    public final void start(Map<String, String> settings) {
        TableSinkConfig config = new TableSinkConfig(settings);
        Dialect dialect = dialect(settings);
        String connector = TableSinkConnector.nameIn(settings);
        running = new Running(
                connector, config, dialect, new RowMapper(config), new TableWriter(dialect, config, connector));
        tryNow(running().writer()::connect);
    }

    @Override
    public final void open(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
        unread.addAll(partitions);
        tryNow(this::readPositions);
    }

    private void tryNow(Attempt attempt) {
        try {
            attempt.run();
        } catch (SQLException e) {
            if (kindOf(e) != FailureKind.RETRY) {
                throw stopped(e);
            }
            running().writer().disconnect(); // put tries again
        }
    }

    @Override
    public final void put(Collection<SinkRecord> records) {
        rewound.clear();
        if (records.isEmpty()) {
            return;
        }
        try {
            readPositions();
            List<Change> batch = new ArrayList<>();
            for (SinkRecord record : records) {
                if (isNew(record)) {
                    add(record, batch);
                }
                if (batch.size() >= running().config().getInt(TableSinkConfig.BATCH_SIZE)) {
                    deliver(batch);
                }
            }
            deliver(batch);
            failures = 0;
            context.requestCommit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Everything delivered is written, but for partitions that are to be read again. */
    @Override
    public final Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> delivered) {
        Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>(delivered);
        written.keySet().removeAll(rewound);
        return written;
    }

    @Override
    public final void close(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
        partitions.forEach(skipping::remove);
        partitions.forEach(rewound::remove);
        unread.removeAll(partitions);
    }

    @Override
    public final void stop() {
        if (running != null) {
            running.writer().disconnect();
        }
    }

    private Running running() {
        return Objects.requireNonNull(running, "put before start");
    }

    /** Reads what is stored for partitions not read yet, and has the runtime go back where it is ahead of that. */
    private void readPositions() throws SQLException {
        if (unread.isEmpty()) {
            return;
        }
        for (Map.Entry<TopicPartition, Long> stored :
                running().writer().load(unread).entrySet()) {
            TopicPartition partition = stored.getKey();
            Long known = positions.put(partition, stored.getValue());
            if (stored.getValue() > 0 && (known == null || stored.getValue() < known)) {
                context.offset(partition, stored.getValue());
                rewound.add(partition);
            }
        }
        unread.clear();
    }

    private boolean isNew(SinkRecord record) {
        TopicPartition partition = Change.partition(record);
        if (rewound.contains(partition)) {
            return false; // it comes again, after those before it
        }
        long next = positions.getOrDefault(partition, 0L);
        if (record.originalKafkaOffset() < next && skipping.add(partition)) {
            LOG.warn(
                    "connector={} partition={} skippedOffset={} writtenBelow={} advice=\"reset the offsets if the"
                            + " topic was made anew\"",
                    running().connector(),
                    partition,
                    record.originalKafkaOffset(),
                    next);
        }
        return record.originalKafkaOffset() >= next;
    }

    private void add(SinkRecord record, List<Change> batch) throws SQLException {
        try {
            batch.add(running().mapper().change(record));
        } catch (DataException e) {
            deliver(batch);
            batch.add(rejected(record, String.valueOf(e.getMessage()), e));
        }
    }

    /** Writes a batch and empties it; a record at fault is found by halving, and set aside. */
    private void deliver(List<Change> batch) throws SQLException {
        Deque<List<Change>> work = new ArrayDeque<>();
        if (!batch.isEmpty()) {
            work.push(List.copyOf(batch));
        }
        while (!work.isEmpty()) {
            List<Change> next = work.pop();
            try {
                running().writer().write(next, positions);
            } catch (SQLException e) {
                if (kindOf(e) != FailureKind.RECORD || next.stream().allMatch(change -> change.shape() == null)) {
                    throw e;
                }
                divide(next, e).reversed().forEach(work::push);
            }
        }
        batch.clear();
    }

    private List<List<Change>> divide(List<Change> changes, SQLException failure) {
        if (changes.size() > 1) {
            int half = changes.size() / 2;
            return List.of(changes.subList(0, half), changes.subList(half, changes.size()));
        }
        Change change = changes.getFirst();
        String reason = "table " + change.requiredShape().table() + " refuses the record: "
                + running().dialect().explain(failure);
        return List.of(List.of(rejected(change.record(), reason, failure)));
    }

    /** Hands a record to the reporter and waits until it is safe there; then only its offset is left to write. */
    private Change rejected(SinkRecord record, String reason, Exception cause) {
        String message = "connector " + running().connector() + ", topic " + record.originalTopic() + ", partition "
                + record.originalKafkaPartition() + ", offset " + record.originalKafkaOffset() + ": " + reason;
        DataException failure = new DataException(message, cause);
        ErrantRecordReporter reporter = context.errantRecordReporter();
        if (reporter == null) {
            throw failure;
        }
        try {
            reporter.report(record, failure).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while a rejected record was reported", e);
        } catch (ExecutionException e) {
            throw new ConnectException("a rejected record could not be reported (" + message + ")", e.getCause());
        }
        return Change.none(record);
    }

    private FailureKind kindOf(SQLException failure) {
        return failure instanceof SQLTransientException
                ? FailureKind.RETRY
                : running().dialect().kindOf(failure);
    }

    private ConnectException failed(SQLException failure) {
        if (kindOf(failure) != FailureKind.RETRY) {
            return stopped(failure);
        }
        running().writer().disconnect();
        unread.addAll(positions.keySet());
        positions.keySet().removeAll(rewound); // the same records may come once more before the runtime goes back
        failures++;
        int retries = running().config().getInt(TableSinkConfig.MAX_RETRIES);
        if (failures > retries) {
            failures = 0;
            return new ConnectException(
                    "connector " + running().connector() + " gave up after " + retries + " retries: "
                            + running().dialect().explain(failure),
                    failure);
        }
        long first = running().config().getLong(TableSinkConfig.RETRY_BACKOFF_MS);
        long wait = Math.min(first << Math.min(failures - 1, 16), Math.max(first, BACKOFF_MS_MAX));
        context.timeout(wait);
        String message = running().dialect().explain(failure);
        LOG.warn(
                "connector={} retry={} of={} waitMs={} cause={}",
                running().connector(),
                failures,
                retries,
                wait,
                message);
        return new RetriableException(message, failure);
    }

    private ConnectException stopped(SQLException failure) {
        return new ConnectException(
                "connector " + running().connector() + ": "
                        + running().dialect().explain(failure),
                failure);
    }
}
