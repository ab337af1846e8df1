package io.millrace.connect.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.cluster.OffsetService.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of connectors' configs, as the config topic has them:
 *
 * <pre>
 * version-NAME-N  {"time":MS,"by":...,"properties":{...},"replaced":MS,"offsets":[{"partition":{},"offset":{}}]}
 * </pre>
 *
 * without the last two for the version that counts. Only so many versions of a connector are kept; those of a
 * connector that is deleted go with it. Kafka Connect passes over such records.
 *
 * <p><b>Threads.</b> Any.
 */
final class ConfigHistory {

    static final String KEY = "version-";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, TreeMap<Integer, ConfigVersion>> versions = new HashMap<>();
    private final int versionsMax;

    /**
     * @param versionsMax how many versions of each connector are kept, with the one that counts
     */
    ConfigHistory(int versionsMax) {
        this.versionsMax = versionsMax;
    }

    /**
     * Takes a record of the topic in.
     *
     * @param id its key without the prefix
     */
    synchronized void apply(String id, @Nullable JsonNode value) {
        int dash = id.lastIndexOf('-');
        String connector = id.substring(0, Math.max(0, dash));
        int number = Integer.parseInt(id.substring(dash + 1));
        if (value != null) {
            versions.computeIfAbsent(connector, name -> new TreeMap<>()).put(number, parsed(number, value));
            return;
        }
        TreeMap<Integer, ConfigVersion> left = versions.getOrDefault(connector, new TreeMap<>());
        left.remove(number);
        if (left.isEmpty()) {
            versions.remove(connector);
        }
    }

    private ConfigVersion parsed(int number, JsonNode value) {
        return new ConfigVersion(
                number,
                Instant.ofEpochMilli(value.path("time").asLong()),
                value.path("by").asText(),
                texts(value.path("properties")),
                value.has("replaced")
                        ? new ConfigVersion.Replaced(
                                Instant.ofEpochMilli(value.path("replaced").asLong()), offsets(value.path("offsets")))
                        : null);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(texts);
    }

    private List<Position> offsets(JsonNode array) {
        List<Position> offsets = new ArrayList<>();
        array.forEach(each -> offsets.add(new Position(map(each.path("partition")), map(each.path("offset")))));
        return offsets;
    }

    private Map<String, Object> map(JsonNode object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), json.convertValue(entry.getValue(), Object.class)));
        return map;
    }

    /** The versions of a connector that are kept, the newest first. */
    synchronized List<ConfigVersion> of(String connector) {
        return List.copyOf(versions.getOrDefault(connector, new TreeMap<>())
                .descendingMap()
                .values());
    }

    /** One version. */
    synchronized Optional<ConfigVersion> get(String connector, int number) {
        return Optional.ofNullable(
                versions.getOrDefault(connector, new TreeMap<>()).get(number));
    }

    /** The version that counts. */
    synchronized Optional<ConfigVersion> current(String connector) {
        return of(connector).stream().findFirst();
    }

    /**
     * What is to be written so that there is one version more.
     *
     * @param offsets the positions at the end of the one that counts now
     * @return by key, in order; null: the record is to be deleted
     */
    synchronized Map<String, @Nullable Object> next(
            String connector, Map<String, String> config, String by, List<Position> offsets) {
        Instant now = Instant.now();
        Map<String, @Nullable Object> records = new LinkedHashMap<>();
        List<ConfigVersion> kept = of(connector);
        int number = kept.isEmpty() ? 1 : kept.getFirst().number() + 1;
        if (!kept.isEmpty()) {
            ConfigVersion last = kept.getFirst();
            records.put(
                    key(connector, last.number()),
                    record(new ConfigVersion(
                            last.number(),
                            last.time(),
                            last.by(),
                            last.config(),
                            new ConfigVersion.Replaced(now, offsets))));
        }
        records.put(key(connector, number), record(new ConfigVersion(number, now, by, config, null)));
        kept.stream().skip(versionsMax - 1L).forEach(old -> records.put(key(connector, old.number()), null));
        return records;
    }

    /** What is to be written so that a version has another config: the same one, sealed with another key. */
    Map<String, @Nullable Object> same(String connector, ConfigVersion version) {
        Map<String, @Nullable Object> records = new LinkedHashMap<>();
        records.put(key(connector, version.number()), record(version));
        return records;
    }

    /** What is to be written so that no version of a connector is left. */
    Map<String, @Nullable Object> none(String connector) {
        Map<String, @Nullable Object> records = new LinkedHashMap<>();
        of(connector).forEach(version -> records.put(key(connector, version.number()), null));
        return records;
    }

    private static String key(String connector, int number) {
        return KEY + connector + "-" + number;
    }

    private static Map<String, Object> record(ConfigVersion version) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("time", version.time().toEpochMilli());
        record.put("by", version.by());
        record.put("properties", version.config());
        ConfigVersion.Replaced replaced = version.replaced();
        if (replaced != null) {
            record.put("replaced", replaced.time().toEpochMilli());
            record.put(
                    "offsets",
                    replaced.offsets().stream().map(ConfigHistory::position).toList());
        }
        return record;
    }

    private static Map<String, Object> position(Position position) {
        Map<String, ?> offset = position.offset();
        return Map.of("partition", position.partition(), "offset", offset == null ? Map.of() : offset);
    }
}
