package io.millrace.connector.cdc;

import io.millrace.connect.testkit.contract.SimSourceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Runs the connector and its task as a runtime would. Offsets outlive a task: {@link #commit} stores those of what was
 * received, {@link #stop} and {@link #crash} differ in whether that is done at the end.
 */
final class Capture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, String> config;
    private final SimSourceContext context;
    private final List<SourceRecord> received = new ArrayList<>();
    private int committed;
    private int interruptions;
    private @Nullable RetriableException lastInterruption;
    private @Nullable PostgresCdcSourceTask task;

    Capture(Map<String, String> config) {
        this.config = config;
        this.context = new SimSourceContext(config);
    }

    Capture start() {
        PostgresCdcSourceConnector connector = new PostgresCdcSourceConnector();
        connector.start(config);
        PostgresCdcSourceTask started = new PostgresCdcSourceTask();
        started.initialize(context);
        started.start(connector.taskConfigs(1).getFirst());
        task = started;
        return this;
    }

    /** Polls once; heartbeats count for offsets only. */
    void poll() {
        try {
            List<SourceRecord> records = Objects.requireNonNull(task).poll();
            if (records != null) {
                received.addAll(records);
            }
        } catch (RetriableException e) {
            interruptions++;
            lastInterruption = e;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Polls until there are that many records of tables, and returns all there are. */
    List<SourceRecord> await(int count) {
        return awaitUntil(rows -> rows.size() >= count);
    }

    List<SourceRecord> awaitUntil(Predicate<List<SourceRecord>> done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.test(rows())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not there after " + rows().size() + " rows", lastInterruption);
            }
            poll();
        }
        return rows();
    }

    List<SourceRecord> rows() {
        return received.stream()
                .filter(record -> !record.topic().startsWith("__debezium-heartbeat"))
                .toList();
    }

    /** What the received records leave behind: the last row of each key, by topic. */
    Map<String, Map<Object, Struct>> state() {
        Map<String, Map<Object, Struct>> tables = new HashMap<>();
        for (SourceRecord record : rows()) {
            Map<Object, Struct> table = tables.computeIfAbsent(record.topic(), topic -> new LinkedHashMap<>());
            if (record.value() == null) {
                table.remove(record.key());
            } else {
                table.put(record.key(), (Struct) record.value());
            }
        }
        return tables;
    }

    Map<Object, Struct> state(String topic) {
        return state().getOrDefault(topic, Map.of());
    }

    /** Stores the offset of the last of the first {@code count} records, heartbeats included. */
    void commitFirst(int count) {
        committed = count;
        received.subList(0, count).forEach(record -> context.store(record.sourcePartition(), record.sourceOffset()));
    }

    void commit() {
        commitFirst(received.size());
        try {
            Objects.requireNonNull(task).commit();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends the task with everything stored that was received. */
    void stop() {
        commit();
        poll();
        Objects.requireNonNull(task).stop();
    }

    /** Ends the task, and forgets what was received since the last commit, as a process that is killed does. */
    void crash() {
        Objects.requireNonNull(task).stop();
        received.subList(committed, received.size()).clear();
    }

    int receivedCount() {
        return received.size();
    }

    /** How often the task said that it broke off and would go on. */
    int interruptions() {
        return interruptions;
    }

    /** Forgets the stored offsets, as a user does who wants a new snapshot. */
    void resetOffsets() {
        context.clear();
    }

    /** Ends the task; its slot and publication stay. */
    void halt() {
        if (task != null) {
            task.stop();
        }
        task = null;
    }

    @Override
    public void close() {
        halt();
        PostgresCdcSourceConnector.dropSlotAndPublication(config);
    }
}
