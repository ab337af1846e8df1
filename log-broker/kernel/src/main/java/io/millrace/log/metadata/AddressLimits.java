package io.millrace.log.metadata;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Numbers for single addresses, written {@code address:number} and separated by commas. */
final class AddressLimits {

    private AddressLimits() {}

    /** @throws IllegalArgumentException if {@code text} is not of that form */
    static Map<String, Integer> parse(String text) {
        Map<String, Integer> limits = new TreeMap<>();
        for (String item : text.split(",")) {
            String entry = item.trim();
            if (!entry.isEmpty()) {
                int colon = entry.lastIndexOf(':');
                if (colon <= 0) {
                    throw new IllegalArgumentException("'" + entry + "' is not address:number");
                }
                limits.put(
                        entry.substring(0, colon).trim(),
                        Integer.parseInt(entry.substring(colon + 1).trim()));
            }
        }
        return limits;
    }

    /** Lets only such texts through. */
    static final class Format implements ConfigDef.Validator {

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            try {
                var _ = parse(String.valueOf(value));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, e.getMessage());
            }
        }

        @Override
        public String toString() {
            return "address:number, separated by commas";
        }
    }
}
