package io.millrace.connect.plugin;

import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/** Keys that a connector sets for the Kafka clients that work for it: reported under the clients' definitions. */
final class ClientKeys {

    private ClientKeys() {}

    /**
     * @param exactlyOnce whether sources deliver in transactions on this worker
     */
    static void check(
            PluginType type,
            boolean exactlyOnce,
            Map<String, String> config,
            Map<String, ConfigKey> definitions,
            Map<String, ConfigValue> values) {
        boolean ownPositions =
                exactlyOnce || !ConnectorKeys.offsetsTopic(config).isBlank();
        boolean sink = type == PluginType.SINK;
        boolean deadLetters = sink
                && !config.getOrDefault(ConnectorKeys.DEAD_LETTER_TOPIC, "").isBlank();
        if (!sink || deadLetters) {
            check(ConnectorKeys.PRODUCER_PREFIX, ProducerConfig.configDef(), config, definitions, values);
        }
        if (sink || ownPositions) {
            check(ConnectorKeys.CONSUMER_PREFIX, ConsumerConfig.configDef(), config, definitions, values);
        }
        if (deadLetters || (!sink && (ownPositions || config.keySet().stream().anyMatch(ClientKeys::makesTopics)))) {
            check(ConnectorKeys.ADMIN_PREFIX, AdminClientConfig.configDef(), config, definitions, values);
        }
    }

    private static boolean makesTopics(String key) {
        return key.startsWith(ConnectorKeys.TOPIC_CREATION_PREFIX);
    }

    private static void check(
            String prefix,
            ConfigDef client,
            Map<String, String> config,
            Map<String, ConfigKey> definitions,
            Map<String, ConfigValue> values) {
        ConnectorKeys.below(prefix, config).forEach((name, text) -> {
            ConfigValue value = values.computeIfAbsent(prefix + name, ConfigValue::new);
            ConfigKey key = client.configKeys().get(name);
            if (key == null) {
                value.value(text);
                return;
            }
            definitions.put(prefix + name, KeyForms.below(prefix, key));
            try {
                value.value(ConfigDef.parseType(prefix + name, text, key.type));
            } catch (ConfigException e) {
                value.addErrorMessage(String.valueOf(e.getMessage()));
            }
        });
    }
}
