package io.millrace.connector.cdc;

import io.debezium.DebeziumException;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.spi.snapshot.Snapshotter;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Debezium's PostgreSQL task behind checks of its own, and makes this connector's records of what it reads.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>{@link #start} checks the config, the server, the tables and the slot, then starts Debezium's task. What is
 *       wrong is thrown, as one sentence with its repair.
 *   <li>{@link #poll} waits for records, and maps them ({@link RecordMapper}).
 *   <li>A failure that may pass (connection lost, server restarting) closes Debezium's task and is thrown as
 *       {@link RetriableException}; the next {@link #poll} checks and starts again, from the stored offset. Any other
 *       failure ends the task.
 *   <li>{@link #commit} lets the slot move on to the offset that is stored by then.
 *   <li>{@link #stop} closes everything; the slot and the publication stay, they hold the changes for the next start.
 * </ol>
 *
 * <p>Thread rule: one thread starts and polls; {@link #commit} and {@link #stop} may come from others.
 */
public final class PostgresCdcSourceTask extends SourceTask {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCdcSourceTask.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long REOPEN_MILLIS = 1_000;

    /** SQL states of failures that may pass: connections, resources, a server going down or coming up, a busy slot. */
    private static final Set<String> PASSING_STATES = Set.of("55006", "55P03", "57P01", "57P02", "57P03", "40001");

    private static final Set<String> PASSING_CLASSES = Set.of("08", "53");

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object lock = new Object();
    private @Nullable CdcConfig config;
    private volatile @Nullable Running running;

    /** Debezium's task, open, and what maps its records. */
    private record Running(PostgresConnectorTask task, RecordMapper mapper) {}

    /** A task; configured by {@link #start}. */
    public PostgresCdcSourceTask() {}

    @Override
    public String version() {
        return PostgresCdcSourceConnector.pluginVersion();
    }

    @Override
    public void start(Map<String, String> props) {
        CdcConfig checked = CdcConfig.from(props);
        config = checked;
        open(checked);
    }

    private void open(CdcConfig from) {
        Map<String, ?> offset =
                context.offsetStorageReader().offset(Map.of("server", from.value(CdcConfig.TOPIC_PREFIX)));
        Map<String, String> props = new HashMap<>(from.debezium());
        try (PostgresServer server = PostgresServer.connect(from)) {
            server.requireReady();
            PostgresServer.Slot slot = server.slot();
            if (offset != null) {
                server.requireContinuable(slot, offset);
            } else if (slot == null) {
                server.requireFreeSlot();
            }
            boolean first = offset == null || RecordMapper.isSnapshotUnfinished(offset);
            if (first && slot != null && takesFirstSnapshot(from)) {
                props.put(CdcConfig.SNAPSHOT_MODE, "custom");
                props.put("snapshot.mode.custom.name", SlotSnapshotter.NAME);
            }
            PostgresConnectorTask task = started(props);
            PostgresServer.Slot standing = server.slot();
            Long lsn = standing == null ? null : standing.confirmedLsn();
            publish(new Running(task, new RecordMapper(from, lsn == null ? 0 : lsn)));
        }
    }

    private PostgresConnectorTask started(Map<String, String> props) {
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(new FinishedOffsets(context));
        try {
            task.start(props);
            return task;
        } catch (ConnectException e) {
            task.stop();
            throw e;
        } catch (DebeziumException e) {
            task.stop();
            throw new ConnectException("Debezium could not start: " + e.getMessage(), e);
        }
    }

    private static boolean takesFirstSnapshot(CdcConfig config) {
        String mode = config.value(CdcConfig.SNAPSHOT_MODE);
        return mode.isEmpty() || mode.equals("initial") || mode.equals("when_needed");
    }

    private void publish(Running opened) {
        synchronized (lock) {
            if (stopped.getCount() > 0) {
                running = opened;
                return;
            }
        }
        opened.task().stop();
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Running now = running;
        if (now == null) {
            return reopen();
        }
        long deadlineNanos = System.nanoTime() + POLL_NANOS;
        try {
            do {
                List<SourceRecord> records = map(now.mapper(), now.task().poll());
                if (!records.isEmpty()) {
                    return records;
                }
            } while (System.nanoTime() < deadlineNanos && stopped.getCount() > 0);
            return null;
        } catch (RetriableException e) {
            close();
            throw judged(e);
        }
    }

    private static List<SourceRecord> map(RecordMapper mapper, @Nullable List<SourceRecord> changes) {
        if (changes == null || changes.isEmpty()) {
            return List.of();
        }
        List<SourceRecord> records = new ArrayList<>(changes.size());
        for (SourceRecord change : changes) {
            SourceRecord record = mapper.map(change);
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    private @Nullable List<SourceRecord> reopen() throws InterruptedException {
        CdcConfig from = config;
        if (from == null) {
            throw new IllegalStateException("poll was called before start");
        }
        if (stopped.await(REOPEN_MILLIS, TimeUnit.MILLISECONDS)) {
            return null;
        }
        open(from);
        LOG.atInfo().addKeyValue("database", from.value(CdcConfig.DATABASE)).log("reading changes again");
        return null;
    }

    /** Debezium calls every SQL failure retriable; only some pass by waiting. */
    private static ConnectException judged(RetriableException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String message = "The change stream broke off: " + sql.getMessage();
                return isPassing(sql.getSQLState())
                        ? new RetriableException(message + "; it will be taken up again", failure)
                        : new ConnectException(message, failure);
            }
            if (cause instanceof IOException) {
                return new RetriableException("The connection to PostgreSQL was lost: " + cause.getMessage(), failure);
            }
        }
        return new ConnectException("The change stream broke off: " + failure.getMessage(), failure);
    }

    private static boolean isPassing(String state) {
        return PASSING_STATES.contains(state) || PASSING_CLASSES.contains(state.substring(0, 2));
    }

    @Override
    public void commit() throws InterruptedException {
        Running now = running;
        if (now != null) {
            now.task().commit();
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
        close();
    }

    private void close() {
        Running closing;
        synchronized (lock) {
            closing = running;
            running = null;
        }
        if (closing != null) {
            closing.task().stop();
        }
    }

    /**
     * The stored offsets as Debezium is to see them: none before the first snapshot is through, because an unfinished
     * one is taken again from its beginning.
     */
    private record FinishedOffsets(SourceTaskContext context) implements SourceTaskContext, OffsetStorageReader {

        @Override
        public Map<String, String> configs() {
            return context.configs();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return this;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return context.pluginMetrics();
        }

        @Override
        public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
            Map<String, Object> offset = context.offsetStorageReader().offset(partition);
            return offset == null || RecordMapper.isSnapshotUnfinished(offset) ? null : offset;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> all =
                    new HashMap<>(context.offsetStorageReader().offsets(partitions));
            all.values().removeIf(offset -> offset == null || RecordMapper.isSnapshotUnfinished(offset));
            return all;
        }
    }

    /**
     * Takes the first snapshot of a connector whose slot is older than the snapshot, and streams from where the slot
     * stands.
     *
     * <p>A slot is older when a first snapshot was broken off, or when somebody made the slot beforehand. Streaming
     * from the snapshot on, as a plain first start does, would then leave out the deletes in between, and rows that
     * the broken snapshot had sent would stay for ever. Changes since the slot was made are sent again instead; in a
     * keyed change log the last one of a key decides.
     *
     * <p>Used through the key {@code snapshot.mode} by name; Debezium makes and owns the instance.
     */
    public static final class SlotSnapshotter implements Snapshotter {

        static final String NAME = "millrace_from_slot";

        /** For Debezium, which finds it as a service. */
        public SlotSnapshotter() {}

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void configure(Map<String, ?> properties) {
            // Nothing is left to configure: the conditions are decided where the mode is chosen.
        }

        @Override
        public boolean shouldSnapshotData(boolean offsetExists, boolean snapshotInProgress) {
            return !offsetExists || snapshotInProgress;
        }

        @Override
        public boolean shouldSnapshotSchema(boolean offsetExists, boolean snapshotInProgress) {
            return false;
        }

        @Override
        public boolean shouldStream() {
            return true;
        }

        @Override
        public boolean shouldSnapshotOnSchemaError() {
            return false;
        }

        @Override
        public boolean shouldSnapshotOnDataError() {
            return false;
        }

        @Override
        public boolean shouldStreamEventsStartingFromSnapshot() {
            return false;
        }
    }
}
