package io.millrace.connect.plugin;

import java.util.List;

/**
 * What validation found about a connector config.
 *
 * @param connectorClass the connector as the config names it
 * @param type source or sink
 * @param groups the groups of its keys, in the order of a form
 * @param keys every key that is defined or given
 * @param warnings what is let through and may be wrong, one message each
 */
public record ConfigReport(
        String connectorClass, PluginType type, List<String> groups, List<KeyReport> keys, List<String> warnings) {

    public ConfigReport {
        groups = List.copyOf(groups);
        keys = List.copyOf(keys);
        warnings = List.copyOf(warnings);
    }

    /** All messages, one for each thing that is wrong; empty when the config can be used. */
    public List<String> errors() {
        return keys.stream().flatMap(key -> key.errors().stream()).toList();
    }

    /** How many things are wrong. */
    public int errorCount() {
        return errors().size();
    }
}
