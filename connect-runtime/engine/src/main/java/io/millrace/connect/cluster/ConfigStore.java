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

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Map<String, String>> configs = new TreeMap<>();
    private final Map<String, TargetState> targets = new HashMap<>();
    private final Map<String, Map<Integer, Map<String, String>>> stagedTasks = new HashMap<>();
    private final Map<String, List<Map<String, String>>> tasks = new HashMap<>();
    private final Consumer<String> onChange;
    private final TableTopic table;

    /**
     * Reads the topic, which must exist, to its end.
     *
     * @param onChange told of the name of each connector that changed, on the thread that follows the topic
     */
    ConfigStore(LogClient log, String topic, Consumer<String> onChange) {
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
        return name;
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

    void putConnector(String name, Map<String, String> config) {
        finish(List.of(put(CONNECTOR + name, Map.of("properties", config))));
    }

    /** A new connector: its state comes first, so that nobody starts what should not run. */
    void putConnector(String name, Map<String, String> config, TargetState target) {
        finish(List.of(put(TARGET + name, states(target)), put(CONNECTOR + name, Map.of("properties", config))));
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
        finish(List.of(table.put(bytes(CONNECTOR + name), null), table.put(bytes(TARGET + name), null)));
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
