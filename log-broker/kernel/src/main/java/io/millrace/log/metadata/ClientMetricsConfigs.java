package io.millrace.log.metadata;

import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.millrace.log.metadata.ConfigAlteration.Altered;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The configs of a subscription to metrics of clients (KIP-714). They are kept; there is nobody yet to use them. */
public final class ClientMetricsConfigs {

    private static final String INTERVAL = "interval.ms";
    private static final String MATCH = "match";

    private static final List<String> MATCHED = List.of(
            "client_instance_id",
            "client_id",
            "client_software_name",
            "client_software_version",
            "client_source_address",
            "client_source_port");

    private static final ConfigTable TABLE = new ConfigTable("client metrics")
            .dynamic(
                    INTERVAL,
                    ConfigDef.Type.INT,
                    300_000,
                    between(100, 3_600_000),
                    "Milliseconds between two pushes of a client.")
            .dynamic(MATCH, ConfigDef.Type.LIST, "", null, "Which clients push: name=pattern, all of which must match.")
            .dynamic("metrics", ConfigDef.Type.LIST, "", null, "Prefixes of the metrics that are pushed.");

    private ClientMetricsConfigs() {}

    public static ConfigTable table() {
        return TABLE;
    }

    /** What is wrong with configs to be set; null if nothing is. */
    static @Nullable Altered refusal(Map<String, String> set) {
        for (String name : set.keySet()) {
            if (TABLE.key(name) == null) {
                return new Altered(Errors.INVALID_REQUEST, TABLE.unknown(name));
            }
        }
        String problem = TABLE.problem(set);
        if (problem != null) {
            return new Altered(outOfRange(set) ? Errors.INVALID_REQUEST : Errors.INVALID_CONFIG, problem);
        }
        for (String rule : set.getOrDefault(MATCH, "").split(",")) {
            if (!rule.isBlank() && !isRule(rule.trim())) {
                return new Altered(
                        Errors.INVALID_CONFIG,
                        "'" + rule.trim() + "' matches no clients: write one of " + String.join(", ", MATCHED)
                                + ", then =, then a regular expression.");
            }
        }
        return null;
    }

    /** Kafka has one code for an interval that is no number, and another for one that is too small or too large. */
    private static boolean outOfRange(Map<String, String> set) {
        String value = set.get(INTERVAL);
        return value != null && value.matches("-?\\d{1,9}");
    }

    private static boolean isRule(String rule) {
        int equals = rule.indexOf('=');
        if (equals < 0 || !MATCHED.contains(rule.substring(0, equals).trim())) {
            return false;
        }
        try {
            return !Pattern.compile(rule.substring(equals + 1)).pattern().isEmpty();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
