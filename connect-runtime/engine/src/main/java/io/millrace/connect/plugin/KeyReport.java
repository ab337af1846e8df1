package io.millrace.connect.plugin;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * What validation found about one key.
 *
 * @param definition null for a key that nothing defines
 * @param value its value, with the errors found and the values recommended
 */
public record KeyReport(@Nullable ConfigKey definition, ConfigValue value) {

    /** The key. */
    public String name() {
        return value.name();
    }

    /** What is wrong, one message each; empty when all is well. */
    public List<String> errors() {
        return value.errorMessages();
    }
}
