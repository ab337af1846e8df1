package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on changes to the configs of topics. */
public final class ConfigAlteration {

    /** One change to one key. */
    public record Edit(
            String key, OpType operation, @Nullable String value) {}

    /**
     * What is to change for one topic.
     *
     * @param replaceAll configs that no edit names are unset
     */
    public record Alteration(String topic, boolean replaceAll, List<Edit> edits) {}

    /** What became of one alteration. */
    public record Altered(
            String topic, Errors error, @Nullable String message) {}

    private ConfigAlteration() {}

    /** Decides on all alterations of a request, each by itself; {@code validateOnly} changes nothing. */
    public static Decision<List<Altered>> decide(
            ClusterImage image, List<Alteration> alterations, boolean validateOnly) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Altered> results = new ArrayList<>();
        for (Alteration alteration : alterations) {
            results.add(decide(image, alteration, records));
        }
        return validateOnly ? Decision.unchanged(results) : new Decision<>(records, results);
    }

    private static Altered decide(ClusterImage image, Alteration alteration, List<MetadataRecord> records) {
        TopicImage topic = image.topic(alteration.topic());
        if (topic == null) {
            return new Altered(alteration.topic(), Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        Map<String, String> configs = new TreeMap<>(alteration.replaceAll() ? Map.of() : topic.configs());
        for (Edit edit : alteration.edits()) {
            String problem = apply(edit, configs);
            if (problem != null) {
                return new Altered(alteration.topic(), Errors.INVALID_CONFIG, problem);
            }
        }
        String problem = TopicConfigs.problem(configs);
        if (problem != null) {
            return new Altered(alteration.topic(), Errors.INVALID_CONFIG, problem);
        }
        if (!configs.equals(topic.configs())) {
            records.add(new MetadataRecord.TopicConfigured(topic.id(), configs));
        }
        return new Altered(alteration.topic(), Errors.NONE, null);
    }

    /** Changes {@code configs}; gives what is wrong with the edit, or null. */
    private static @Nullable String apply(Edit edit, Map<String, String> configs) {
        if (edit.operation() == OpType.DELETE) {
            configs.remove(edit.key());
            return null;
        }
        String value = edit.value();
        if (value == null) {
            return "The value of " + edit.key() + " is missing.";
        }
        if (edit.operation() == OpType.SET) {
            configs.put(edit.key(), value);
            return null;
        }
        ConfigKey key = TopicConfigs.table().key(edit.key());
        if (key == null || key.type != ConfigDef.Type.LIST) {
            return edit.key() + " is not a list: its value can be set, but not appended to or subtracted from.";
        }
        Set<String> items = new LinkedHashSet<>(
                items(configs.getOrDefault(key.name, ConfigDef.convertToString(key.defaultValue, key.type))));
        if (edit.operation() == OpType.APPEND) {
            items.addAll(items(value));
        } else {
            items.removeAll(items(value));
        }
        configs.put(key.name, String.join(",", items));
        return null;
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
