package io.millrace.log.server;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.TransactionConfig;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configs that a broker is started with, each in the table it belongs to: its name begins with what that is about.
 * Groups have Kafka's defaults, but that they do not wait three seconds for more members after their first.
 */
record StartConfigs(BrokerSettings broker, GroupConfig groups, TransactionConfig transactions) {

    /** @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range */
    static StartConfigs of(Map<String, String> configs) {
        Map<String, String> broker = new TreeMap<>();
        Map<String, String> groups = new TreeMap<>(Map.of(GroupConfig.INITIAL_REBALANCE_DELAY, "0"));
        Map<String, String> transactions = new TreeMap<>();
        configs.forEach((key, value) -> {
            if (key.startsWith("group.") || key.startsWith("offset")) {
                groups.put(key, value);
            } else if (key.startsWith("transaction")) {
                transactions.put(key, value);
            } else {
                broker.put(key, value);
            }
        });
        return new StartConfigs(BrokerSettings.of(broker), GroupConfig.of(groups), TransactionConfig.of(transactions));
    }
}
