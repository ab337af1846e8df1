package io.millrace.connect.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TableTopic;
import io.millrace.connect.schedule.ScheduleState;
import io.millrace.connect.schedule.StateCodec;
import io.millrace.connect.task.RunState;
import io.millrace.connect.task.RunStatus;
import io.millrace.connect.task.TaskId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How connectors and tasks are, and which topics they use, in a compacted topic whose keys and values are those of
 * Kafka Connect: {@code status-connector-NAME}, {@code status-task-NAME-N}, {@code status-topic-TOPIC:connector-NAME}.
 * {@code schedule-NAME} is ours, and passed over by Kafka Connect: what is remembered of a connector's schedule.
 *
 * <p>What this worker writes can be read here at once, before the log has it: the status of a connector must not wait
 * for a log that is in trouble.
 *
 * <p><b>Threads.</b> Any; no method blocks.
 */
final class StatusStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusStore.class);
    private static final String CONNECTOR = "status-connector-";
    private static final String TASK = "status-task-";
    private static final String TOPIC = "status-topic-";
    private static final String SCHEDULE = "schedule-";
    private static final String TOPIC_SEPARATOR = ":connector-";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Reported> statuses = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> topics = new ConcurrentHashMap<>();
    private final Map<String, ScheduleState> schedules = new ConcurrentHashMap<>();
    private final String workerId;
    private final Executor writer;
    private final TableTopic table;
    private final OwnWrites ownWrites = new OwnWrites();

    /**
     * A status, and the worker that told it.
     *
     * @param cause null unless this worker told it, and it is a failure
     */
    record Reported(
            RunState state,
            String workerId,
            @Nullable String trace,
            @Nullable String cause) {}

    /**
     * Reads the topic, which must exist, to its end.
     *
     * @param writer runs the writes one after the other; they may block while the log is in trouble
     */
    StatusStore(LogClient log, String topic, String workerId, Executor writer) {
        this.workerId = workerId;
        this.writer = writer;
        this.table = log.openTable(topic, this::accept);
    }

    private void accept(StoredRecord record) {
        byte[] keyBytes = record.payload().key();
        String key = keyBytes == null ? "" : new String(keyBytes, StandardCharsets.UTF_8);
        if (ownWrites.supersede(key, record.offset())) {
            return;
        }
        try {
            byte[] value = record.payload().value();
            apply(key, value == null ? null : json.readTree(value));
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("key", key).setCause(e).log("not a record of the status topic, passed over");
        }
    }

    private void apply(String key, @Nullable JsonNode value) {
        if (key.startsWith(TOPIC)) {
            applyTopic(key.substring(TOPIC.length()), value != null);
        } else if (key.startsWith(SCHEDULE)) {
            schedules.compute(
                    key.substring(SCHEDULE.length()), (same, known) -> value == null ? null : StateCodec.decode(value));
        } else {
            statuses.compute(key, (same, known) -> value == null ? null : parsed(value));
        }
    }

    private static Reported parsed(JsonNode value) {
        String trace = value.path("trace").isTextual() ? value.path("trace").asText() : null;
        RunState state = RunState.valueOf(value.path("state").asText());
        return new Reported(state, value.path("worker_id").asText(), trace, null);
    }

    private void applyTopic(String key, boolean used) {
        int separator = key.lastIndexOf(TOPIC_SEPARATOR);
        if (separator > 0) {
            String connector = key.substring(separator + TOPIC_SEPARATOR.length());
            Set<String> known = topics.computeIfAbsent(connector, name -> ConcurrentHashMap.newKeySet());
            if (used) {
                known.add(key.substring(0, separator));
            } else {
                known.remove(key.substring(0, separator));
            }
        }
    }

    void put(String connector, RunStatus status) {
        put(CONNECTOR + connector, connector, status);
    }

    void put(TaskId task, RunStatus status) {
        put(TASK + task, task.connector(), status);
    }

    private void put(String key, String connector, RunStatus status) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("state", status.state().name());
        value.put("trace", status.trace());
        value.put("worker_id", workerId);
        value.put("generation", 0);
        write(key, value, connector);
        statuses.put(key, new Reported(status.state(), workerId, status.trace(), status.cause()));
    }

    Optional<Reported> get(String connector) {
        return Optional.ofNullable(statuses.get(CONNECTOR + connector));
    }

    Optional<Reported> get(TaskId task) {
        return Optional.ofNullable(statuses.get(TASK + task));
    }

    /** Forgets a connector that was deleted, with its tasks. */
    void remove(String connector) {
        String tasks = TASK + connector + "-";
        for (String key : statuses.keySet()) {
            boolean itsTask = key.startsWith(tasks)
                    && key.substring(tasks.length()).chars().allMatch(Character::isDigit);
            if (itsTask || key.equals(CONNECTOR + connector)) {
                delete(key, connector);
            }
        }
        resetTopics(connector);
        removeSchedule(connector);
    }

    /** What is remembered of a connector's schedule. */
    Optional<ScheduleState> schedule(String connector) {
        return Optional.ofNullable(schedules.get(connector));
    }

    void put(String connector, ScheduleState state) {
        write(SCHEDULE + connector, StateCodec.encode(state), connector);
        schedules.put(connector, state);
    }

    void removeSchedule(String connector) {
        if (schedules.containsKey(connector)) {
            write(SCHEDULE + connector, null, connector);
            schedules.remove(connector);
        }
    }

    /** Forgets a task that is no more. */
    void remove(TaskId task) {
        delete(TASK + task, task.connector());
    }

    private void delete(String key, String connector) {
        write(key, null, connector);
        statuses.remove(key);
    }

    /** The topics that a connector has used since it was made, or since they were reset. */
    Set<String> topics(String connector) {
        return new TreeSet<>(topics.getOrDefault(connector, Set.of()));
    }

    /** A task used a topic. */
    void used(TaskId task, String topic) {
        Set<String> known = topics.computeIfAbsent(task.connector(), name -> ConcurrentHashMap.newKeySet());
        if (known.add(topic)) {
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("name", topic);
            value.put("connector", task.connector());
            value.put("task", task.task());
            value.put("discoverTimestamp", System.currentTimeMillis());
            write(TOPIC + topic + TOPIC_SEPARATOR + task.connector(), Map.of("topic", value), task.connector());
        }
    }

    /** Forgets the topics that a connector has used. */
    void resetTopics(String connector) {
        topics(connector).forEach(topic -> write(TOPIC + topic + TOPIC_SEPARATOR + connector, null, connector));
        topics.remove(connector);
    }

    /** Comes before the write is applied here: what is read of the topic in between must not win. */
    private void write(String key, @Nullable Object value, String connector) {
        ownWrites.begun(key);
        try {
            writer.execute(() -> put(key, value, connector));
        } catch (RejectedExecutionException e) {
            LOG.atDebug()
                    .addKeyValue("connector", connector)
                    .setCause(e)
                    .log("the worker has closed, what a task that was abandoned tells is not stored");
        }
    }

    private void put(String key, @Nullable Object value, String connector) {
        var _ = table.put(bytes(key), value == null ? null : encoded(value)).whenComplete((position, failure) -> {
            ownWrites.answered(key, failure == null ? position : null);
            if (failure != null) {
                LOG.atWarn()
                        .addKeyValue("connector", connector)
                        .setCause(failure)
                        .log("status was not stored");
            }
        });
    }

    private byte[] encoded(Object value) {
        try {
            return json.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        table.close();
    }
}
