package io.millrace.log.metadata;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on changes to the configs of topics, brokers and other resources. */
public final class ConfigAlteration {

    /** One change to one key. */
    public record Edit(
            String key, OpType operation, @Nullable String value) {}

    /**
     * What is to change for one resource.
     *
     * @param replaceAll configs that no edit names are unset
     */
    public record Alteration(ConfiguredResource resource, boolean replaceAll, List<Edit> edits) {}

    /** What became of one alteration. */
    public record Altered(Errors error, @Nullable String message) {

        public static final Altered DONE = new Altered(Errors.NONE, null);
    }

    private ConfigAlteration() {}

    /**
     * Decides on one resource; {@code validateOnly} changes nothing.
     *
     * @param groups what the broker says of groups, and what a single one may have instead
     */
    public static Decision<Altered> decide(
            ClusterImage image, GroupConfig groups, Alteration alteration, boolean validateOnly) {
        ResourceConfigs resource = ResourceConfigs.of(image, alteration.resource(), groups);
        Map<String, String> configs = new TreeMap<>();
        Altered refusal = resource.refusal();
        if (refusal == null) {
            configs.putAll(alteration.replaceAll() ? Map.of() : resource.configs());
            refusal = apply(alteration.edits(), resource.lists(), configs);
        }
        if (refusal == null) {
            refusal = resource.refusal(configs);
        }
        if (refusal != null) {
            return Decision.unchanged(refusal);
        }
        return validateOnly || configs.equals(resource.configs())
                ? Decision.unchanged(Altered.DONE)
                : new Decision<>(List.of(resource.record(configs)), Altered.DONE);
    }

    /** Changes {@code configs}; gives what is wrong with one of the edits, or null. */
    private static @Nullable Altered apply(List<Edit> edits, @Nullable ConfigTable lists, Map<String, String> configs) {
        Set<String> keys = new TreeSet<>();
        for (Edit edit : edits) {
            if (!keys.add(edit.key())) {
                return new Altered(Errors.INVALID_REQUEST, "The config " + edit.key() + " is altered more than once.");
            }
            Altered refusal = apply(edit, lists, configs);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Altered apply(Edit edit, @Nullable ConfigTable lists, Map<String, String> configs) {
        if (edit.operation() == OpType.DELETE) {
            configs.remove(edit.key());
            return null;
        }
        String value = edit.value();
        if (value == null) {
            return new Altered(Errors.INVALID_REQUEST, "The value of " + edit.key() + " is missing.");
        }
        if (edit.operation() == OpType.SET) {
            configs.put(edit.key(), value);
            return null;
        }
        ConfigKey key = lists == null ? null : lists.key(edit.key());
        if (key == null || key.type != ConfigDef.Type.LIST) {
            return new Altered(
                    Errors.INVALID_CONFIG,
                    edit.key() + " is not a list: its value can be set, but not appended to or subtracted from.");
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
        return Stream.of(list.split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
