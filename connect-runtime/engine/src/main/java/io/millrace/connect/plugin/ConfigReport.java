package io.millrace.connect.plugin;

import java.util.List;

/**
 * What validation found about a connector config.
 *
 * @param connectorClass the class of the connector
 * @param type source or sink
 * @param groups the groups of its keys, in the order of a form
 * @param keys every key that is defined or given
 */
public record ConfigReport(String connectorClass, PluginType type, List<String> groups, List<KeyReport> keys) {

    public ConfigReport {
        groups = List.copyOf(groups);
        keys = List.copyOf(keys);
    }

    /** All messages, one for each thing that is wrong; empty when the config can be used. */
    public List<String> errors() {
        return keys.stream().flatMap(key -> key.errors().stream()).toList();
    }

    /** How many keys have something wrong. */
    public int errorCount() {
        return (int) keys.stream().filter(key -> !key.errors().isEmpty()).count();
    }
}
