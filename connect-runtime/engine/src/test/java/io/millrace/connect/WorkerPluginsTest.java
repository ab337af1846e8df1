package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.connect.plugin.ClientKeys;
import io.millrace.connect.plugin.ClientPolicy;
import io.millrace.connect.plugin.ConfigValidator;
import io.millrace.connect.plugin.ConfigVariables;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Plugins;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins that the worker's own config names: policies of clients' settings, and providers of values. */
class WorkerPluginsTest {

    private static final String KAFKA_POLICY =
            "org.apache.kafka.connect.connector.policy.NoneConnectorClientConfigOverridePolicy";

    @TempDir
    private Path directory;

    private Map<String, String> source(String key, String value) {
        Map<String, String> config = new HashMap<>();
        config.put("name", "numbers");
        config.put("connector.class", "CountingSource");
        config.put("topic", "numbers");
        config.put(key, value);
        return config;
    }

    private static ConfigValidator.Rules rules(Plugins plugins, String policy) {
        Map<String, String> worker = Map.of(ClientPolicy.ALLOWLIST, "acks, linger.ms");
        return new ConfigValidator.Rules(false, false, ClientPolicy.of(plugins, policy, worker));
    }

    @ParameterizedTest
    @CsvSource({
        "All, producer.override.linger.ms, true",
        "None, producer.override.linger.ms, false",
        KAFKA_POLICY + ", producer.override.linger.ms, false",
        "Principal, producer.override.linger.ms, false",
        "Principal, producer.override.sasl.mechanism, true",
        "Allowlist, producer.override.linger.ms, true",
        "Allowlist, producer.override.batch.size, false",
        // No consumer works for a source that keeps its positions where the worker does.
        "None, consumer.override.fetch.min.bytes, true"
    })
    void aPolicyLetsSettingsOfClientsPassOrRefusesThem(String policy, String key, boolean passes) {
        try (Plugins plugins = Plugins.discover(List.of(FixturePlugin.strictIn(directory)))) {
            ConfigValidator.Rules rules = rules(plugins, policy);
            Map<String, String> config = source(key, "7");
            PluginDescriptor connector = plugins.connectorOf(config);
            ClientKeys stored = new ClientKeys(connector, config, rules);

            List<String> errors = new ConfigValidator(plugins, Map.of(), rules)
                    .validate(config)
                    .errors();

            if (passes) {
                assertThat(errors).isEmpty();
                stored.require();
            } else {
                String setting = key.replace("producer.override.", "");
                assertThat(errors)
                        .singleElement()
                        .asString()
                        .contains("policy does not allow '%s' to be overridden".formatted(setting));
                assertThatThrownBy(stored::require)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(key);
            }
        }
    }

    @Test
    void policiesAndProvidersOfPluginsAreUsed() {
        Map<String, String> settings = Map.of(
                ClientPolicy.KEY,
                "Short",
                ClientPolicy.KEY + ".letters",
                "9",
                WorkerConfig.CONFIG_PROVIDERS,
                "answers",
                "config.providers.answers.class",
                FixturePlugin.PROVIDER,
                "config.providers.answers.param.answer",
                "37");
        try (WorkerFixture fixture = new WorkerFixture(WhichLog.MILLRACE, directory, settings)) {
            Map<String, String> config = fixture.source("numbers", 1);
            config.put("records", "${answers:anywhere:count}");
            config.put("producer.override.linger.ms", "1");
            fixture.create("numbers", config);
            config.put("producer.override.batch.size", "1000");
            RestClient.Answer refused = fixture.rest().create(fixture.name("refused"), config);

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.message()).contains("1 error(s)", "batch.size has more than 9 letters");
            await().untilAsserted(() -> assertThat(LogReading.records(WhichLog.MILLRACE, fixture.name("numbers")))
                    .hasSize(37));
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        try (Plugins plugins = Plugins.discover(List.of(FixturePlugin.strictIn(directory)))) {
            assertThatThrownBy(() -> rules(plugins, "Lenient"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(ClientPolicy.KEY)
                    .hasMessageContaining("Lenient")
                    .hasMessageContaining(FixturePlugin.POLICY);
            assertThatThrownBy(() -> ConfigVariables.of(plugins, "vault", Map.of("vault.class", "no.such.Provider")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("config.providers.vault.class")
                    .hasMessageContaining("no.such.Provider");
            assertThat(plugins.all())
                    .as("what connectors may name")
                    .extracting(PluginDescriptor::type)
                    .doesNotContain(PluginType.CONFIG_PROVIDER, PluginType.CLIENT_POLICY);
        }
    }

    @Test
    void extensionsOfTheRestInterfaceAreRefusedWithTheReason() {
        Map<String, String> worker =
                Map.of(WorkerConfig.BOOTSTRAP_SERVERS, "127.0.0.1:1", "rest.extension.classes", "some.Extension");

        assertThatThrownBy(() -> WorkerConfig.of(worker))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rest.extension.classes")
                .hasMessageContaining("JAX-RS")
                .hasMessageContaining("proxy");
    }
}
