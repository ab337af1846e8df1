package io.millrace.connect.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.apache.kafka.connect.health.ConnectorType;
import org.jspecify.annotations.Nullable;

/**
 * Keys that a connector sets for the Kafka clients that work for it: reported under the clients' definitions, and
 * refused where the worker's policy does not let them pass.
 */
public final class ClientKeys {

    private final PluginDescriptor connector;
    private final Map<String, String> config;
    private final ConfigValidator.Rules rules;

    /** A kind of client that works for the connector. */
    private record Client(ClientType type, String prefix, ConfigDef definition) {}

    /**
     * @param config the connector's
     * @param rules what the worker demands
     */
    public ClientKeys(PluginDescriptor connector, Map<String, String> config, ConfigValidator.Rules rules) {
        this.connector = connector;
        this.config = config;
        this.rules = rules;
    }

    private List<Client> clients() {
        boolean ownPositions =
                rules.exactlyOnce() || !ConnectorKeys.offsetsTopic(config).isBlank();
        boolean sink = connector.type() == PluginType.SINK;
        boolean deadLetters = sink
                && !config.getOrDefault(ConnectorKeys.DEAD_LETTER_TOPIC, "").isBlank();
        List<Client> clients = new ArrayList<>();
        if (!sink || deadLetters) {
            clients.add(new Client(ClientType.PRODUCER, ConnectorKeys.PRODUCER_PREFIX, ProducerConfig.configDef()));
        }
        if (sink || ownPositions) {
            clients.add(new Client(ClientType.CONSUMER, ConnectorKeys.CONSUMER_PREFIX, ConsumerConfig.configDef()));
        }
        if (deadLetters || (!sink && (ownPositions || config.keySet().stream().anyMatch(ClientKeys::makesTopics)))) {
            clients.add(new Client(ClientType.ADMIN, ConnectorKeys.ADMIN_PREFIX, AdminClientConfig.configDef()));
        }
        return clients;
    }

    private static boolean makesTopics(String key) {
        return key.startsWith(ConnectorKeys.TOPIC_CREATION_PREFIX);
    }

    /** Reports them all. */
    void check(Map<String, ConfigKey> definitions, Map<String, ConfigValue> values) {
        for (Client client : clients()) {
            Map<String, Object> parsed = new HashMap<>();
            ConnectorKeys.below(client.prefix(), config).forEach((name, text) -> {
                ConfigValue value = values.computeIfAbsent(client.prefix() + name, ConfigValue::new);
                ConfigKey key = client.definition().configKeys().get(name);
                if (key != null) {
                    definitions.put(client.prefix() + name, KeyForms.below(client.prefix(), key));
                }
                parse(client, key, text, value);
                parsed.put(name, value.value());
            });
            refused(client, parsed).forEach(refusal -> {
                ConfigValue value = values.computeIfAbsent(client.prefix() + refusal.name(), ConfigValue::new);
                refusal.errorMessages().forEach(value::addErrorMessage);
            });
        }
    }

    private static void parse(Client client, @Nullable ConfigKey key, String text, ConfigValue value) {
        if (key == null) {
            value.value(text);
            return;
        }
        try {
            value.value(ConfigDef.parseType(client.prefix() + key.name, text, key.type));
        } catch (ConfigException e) {
            value.addErrorMessage(String.valueOf(e.getMessage()));
        }
    }

    /**
     * For a config that was stored under another policy, or past the validation.
     *
     * @throws ConfigException when the worker's policy does not let all of them pass
     */
    public void require() {
        for (Client client : clients()) {
            refused(client, new HashMap<>(ConnectorKeys.below(client.prefix(), config)))
                    .forEach(refusal -> {
                        throw new ConfigException("\"%s%s\": %s"
                                .formatted(
                                        client.prefix(),
                                        refusal.name(),
                                        refusal.errorMessages().getFirst()));
                    });
        }
    }

    private List<ConfigValue> refused(Client client, Map<String, Object> overrides) {
        if (rules.overrides().letsAllPass()) {
            return List.of();
        }
        return rules.overrides()
                .refused(new ConnectorClientConfigRequest(
                        config.getOrDefault(ConnectorKeys.NAME, ""),
                        connector.type() == PluginType.SINK ? ConnectorType.SINK : ConnectorType.SOURCE,
                        connectorClass(),
                        overrides,
                        client.type()));
    }

    private Class<? extends Connector> connectorClass() {
        try {
            return Class.forName(connector.className(), false, connector.loader())
                    .asSubclass(Connector.class);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new PluginFailure("%s cannot be loaded".formatted(connector.className()), e);
        }
    }
}
