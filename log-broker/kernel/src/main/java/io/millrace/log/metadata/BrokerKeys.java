package io.millrace.log.metadata;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Reads values for a table of a broker's keys. */
final class BrokerKeys {

    private BrokerKeys() {}

    /**
     * @param set by key; whatever is not set has its default
     * @param about what the keys are for, in one word
     * @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range
     */
    static Map<String, Object> parse(ConfigDef keys, Map<String, String> set, String about) {
        for (String key : new TreeMap<>(set).keySet()) {
            if (!keys.names().contains(key)) {
                throw new IllegalArgumentException("Unknown " + about + " config " + key + ", the nearest known is "
                        + NearestKey.of(key, keys.names()));
            }
        }
        try {
            return keys.parse(set);
        } catch (ConfigException invalid) {
            throw new IllegalArgumentException(invalid.getMessage(), invalid);
        }
    }
}
