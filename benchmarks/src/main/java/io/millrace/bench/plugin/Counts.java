package io.millrace.bench.plugin;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How many records pass.
 *
 * @param warm at least so many before the gate
 * @param all with those
 */
record Counts(long warm, long all) {

    static final String WARM = "records.warm";
    static final String ALL = "records";

    static Counts of(Map<String, String> config) {
        return new Counts(Long.parseLong(config.get(WARM)), Long.parseLong(config.get(ALL)));
    }

    /** The keys that source and sink have in common. */
    static ConfigDef keys() {
        return new ConfigDef()
                .define(ALL, ConfigDef.Type.LONG, Importance.HIGH, "How many records pass; then the task is idle.")
                .define(
                        WARM,
                        ConfigDef.Type.LONG,
                        Importance.HIGH,
                        "How many of them pass before the task waits for the bench.")
                .define(
                        Gate.DIRECTORY,
                        ConfigDef.Type.STRING,
                        Importance.HIGH,
                        "Where task and bench tell how far they are.");
    }
}
