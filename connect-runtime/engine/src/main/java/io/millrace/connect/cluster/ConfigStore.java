package io.millrace.connect.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TableTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What should run, in a compacted topic of one partition. Keys and values are those of Kafka Connect, so that its
 * config topic can be taken over:
 *
 * <pre>
 * connector-NAME     {"properties":{...}}           the config; no value: deleted
 * target-state-NAME  {"state":...,"state.v2":...}
 * task-NAME-N        {"properties":{...}}           counts only from the next commit record on
 * commit-NAME        {"tasks":COUNT}
 * version-NAME-N     ours: see {@link ConfigHistory}
 * tasks-fencing-NAME {"tasks":COUNT}                so many tasks may write in transactions, and no older ones
 * </pre>
 *
 * Other keys of Kafka Connect (session keys, restart requests, logger levels) are passed over.
 *
 * <p><b>Threads.</b> Any. Writes return when they have been read back, so that whoever wrote sees what it wrote.
 */
final class ConfigStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigStore.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final String CONNECTOR = "connector-";
    private static final String TARGET = "target-state-";
    private static final String TASK = "task-";
    private static final String COMMIT = "commit-";
    private static final String FENCING = "tasks-fencing-";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Map<String, String>> configs = new TreeMap<>();
    private final Map<String, TargetState> targets = new HashMap<>();
    private final Map<String, Map<Integer, Map<String, String>>> stagedTasks = new HashMap<>();
    private final Map<String, List<Map<String, String>>> tasks = new HashMap<>();
    private final ConfigHistory history;
    private final Map<String, Integer> writers = new HashMap<>();
    private final Map<String, Long> generations = new HashMap<>();
    private final Set<String> unfenced = new HashSet<>();
    private final Consumer<String> onChange;
    private final TableTopic table;

    /**
     * The tasks of a connector, and those that may still write in transactions.
     *
     * @param tasks how many tasks there should be
     * @param generation grows with each change of the tasks
     * @param fenced whether only these tasks can write
     * @param writers where they are not fenced, how many tasks of an older set may write
     */
    record TaskSet(int tasks, long generation, boolean fenced, int writers) {}

    /**
     * Reads the topic, which must exist, to its end.
     *
     * @param history takes in the versions that the topic holds
     * @param onChange told of the name of each connector that changed, on the thread that follows the topic
     */
    ConfigStore(LogClient log, String topic, ConfigHistory history, Consumer<String> onChange) {
        this.history = history;
        this.onChange = onChange;
        this.table = log.openTable(topic, this::accept);
    }

    private void accept(StoredRecord record) {
        byte[] keyBytes = record.payload().key();
        String key = keyBytes == null ? "" : new String(keyBytes, StandardCharsets.UTF_8);
        try {
            byte[] value = record.payload().value();
            String changed = apply(key, value == null ? null : json.readTree(value));
            if (!changed.isEmpty()) {
                onChange.accept(changed);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("key", key).setCause(e).log("not a record of the config topic, passed over");
        }
    }

    /** Returns the name of the connector that changed, or nothing. */
    private synchronized String apply(String key, @Nullable JsonNode value) {
        if (key.startsWith(CONNECTOR)) {
            return applyConfig(key.substring(CONNECTOR.length()), value);
        }
        if (key.startsWith(TARGET)) {
            return applyTarget(key.substring(TARGET.length()), value);
        }
        if (key.startsWith(TASK)) {
            stageTask(key.substring(TASK.length()), value);
            return "";
        }
        if (key.startsWith(COMMIT)) {
            return commitTasks(key.substring(COMMIT.length()), value);
        }
        if (key.startsWith(ConfigHistory.KEY)) {
            history.apply(key.substring(ConfigHistory.KEY.length()), value);
        }
        if (key.startsWith(FENCING)) {
            applyWriters(key.substring(FENCING.length()), value);
        }
        return "";
    }

    private String applyConfig(String name, @Nullable JsonNode value) {
        if (value == null) {
            configs.remove(name);
            targets.remove(name);
            tasks.remove(name);
            stagedTasks.remove(name);
        } else {
            configs.put(name, properties(value));
        }
        return name;
    }

    private String applyTarget(String name, @Nullable JsonNode value) {
        if (value == null) {
            targets.remove(name);
            return name;
        }
        String state = value.path("state.v2").asText(value.path("state").asText());
        targets.put(
                name, TargetState.parse(state).orElseThrow(() -> new IllegalArgumentException("no state: " + state)));
        return name;
    }

    private void stageTask(String id, @Nullable JsonNode value) {
        int dash = id.lastIndexOf('-');
        if (dash > 0 && value != null) {
            stagedTasks
                    .computeIfAbsent(id.substring(0, dash), name -> new TreeMap<>())
                    .put(Integer.valueOf(id.substring(dash + 1)), properties(value));
        }
    }

    private String commitTasks(String name, @Nullable JsonNode value) {
        Map<Integer, Map<String, String>> staged = stagedTasks.getOrDefault(name, Map.of());
        int count = value == null ? 0 : value.path("tasks").asInt();
        List<Map<String, String>> committed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> config = staged.get(i);
            if (config == null) {
                LOG.atWarn().addKeyValue("connector", name).log("configs of tasks are missing, they are made anew");
                committed.clear();
                break;
            }
            committed.add(config);
        }
        tasks.put(name, List.copyOf(committed));
        generations.merge(name, 1L, Long::sum);
        unfenced.add(name);
        return name;
    }

    /** Outlives the connector: one of the same name, made later, must not meet the tasks of this one. */
    private void applyWriters(String name, @Nullable JsonNode value) {
        writers.put(name, value == null ? 0 : value.path("tasks").asInt());
        unfenced.remove(name);
    }

    private Map<String, String> properties(JsonNode value) {
        Map<String, String> properties = new HashMap<>();
        value.path("properties").properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                properties.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return properties;
    }

    synchronized Set<String> names() {
        return new TreeSet<>(configs.keySet());
    }

    synchronized Optional<DesiredConnector> get(String name) {
        Map<String, String> config = configs.get(name);
        if (config == null) {
            return Optional.empty();
        }
        return Optional.of(new DesiredConnector(
                name,
                Map.copyOf(config),
                targets.getOrDefault(name, TargetState.STARTED),
                tasks.getOrDefault(name, List.of())));
    }

    synchronized TaskSet taskSet(String name) {
        return new TaskSet(
                tasks.getOrDefault(name, List.of()).size(),
                generations.getOrDefault(name, 0L),
                !unfenced.contains(name),
                writers.getOrDefault(name, 0));
    }

    /** Tasks of older sets are fenced; so many may write from now on. */
    void putWriters(String name, int count) {
        finish(List.of(put(FENCING + name, Map.of("tasks", count))));
    }

    /** The versions of the configs. */
    ConfigHistory history() {
        return history;
    }

    /** A config, as the next version. */
    void putConnector(String name, Version version) {
        finish(next(name, version));
    }

    /** A new connector: its state comes first, so that nobody starts what should not run. */
    void putConnector(String name, Version version, TargetState target) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        writes.add(put(TARGET + name, states(target)));
        writes.addAll(next(name, version));
        finish(writes);
    }

    /**
     * A config that is stored.
     *
     * @param by what stores it
     * @param offsets how far the connector has come with the one before
     */
    record Version(Map<String, String> config, String by, List<OffsetService.Position> offsets) {}

    /** The history comes first: a config that counts is never without its version. */
    private List<CompletableFuture<AppendedAt>> next(String name, Version version) {
        List<CompletableFuture<AppendedAt>> writes =
                putAll(history.next(name, version.config(), version.by(), version.offsets()));
        writes.add(put(CONNECTOR + name, Map.of("properties", version.config())));
        return writes;
    }

    private List<CompletableFuture<AppendedAt>> putAll(Map<String, @Nullable Object> records) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        records.forEach((key, value) -> writes.add(value == null ? table.put(bytes(key), null) : put(key, value)));
        return writes;
    }

    /** A config that is the same as before, but sealed with another key; and the versions of the history with it. */
    void putSealed(String name, Map<String, String> config, List<ConfigVersion> versions) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        versions.forEach(version -> writes.addAll(putAll(history.same(name, version))));
        writes.add(put(CONNECTOR + name, Map.of("properties", config)));
        finish(writes);
    }

    void putTarget(String name, TargetState target) {
        finish(List.of(put(TARGET + name, states(target))));
    }

    private static Map<String, String> states(TargetState target) {
        return new TreeMap<>(Map.of("state", target.v1(), "state.v2", target.v2()));
    }

    void putTasks(String name, List<Map<String, String>> configs) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        for (int i = 0; i < configs.size(); i++) {
            writes.add(put(TASK + name + "-" + i, Map.of("properties", configs.get(i))));
        }
        writes.add(put(COMMIT + name, Map.of("tasks", configs.size())));
        finish(writes);
    }

    void removeConnector(String name) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        writes.add(table.put(bytes(CONNECTOR + name), null));
        writes.add(table.put(bytes(TARGET + name), null));
        writes.addAll(putAll(history.none(name)));
        finish(writes);
    }

    private CompletableFuture<AppendedAt> put(String key, Object value) {
        try {
            return table.put(bytes(key), json.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + key, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits until the writes are done and have been read back. */
    private void finish(List<CompletableFuture<AppendedAt>> writes) {
        try {
            CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LogFailure failure) {
                throw failure;
            }
            throw e;
        }
        table.readToEnd(READ_TIMEOUT);
    }

    @Override
    public void close() {
        table.close();
    }
}
