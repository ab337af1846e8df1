package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {

    private static long retention(BrokerSettings broker) {
        return TopicConfigs.of(Map.of(), broker).number(TopicConfig.RETENTION_MS_CONFIG);
    }

    @Test
    void refusesAnUnknownKeyWithTheNearestOne() {
        assertThatThrownBy(() -> BrokerSettings.of(Map.of("max.conections", "5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max.connections");
    }

    @Test
    void refusesAValueOutOfItsRange() {
        assertThatThrownBy(() -> BrokerSettings.of(Map.of(BrokerSettings.NUM_PARTITIONS, "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("num.partitions");
        assertThatThrownBy(() -> BrokerSettings.of(Map.of(BrokerSettings.CONNECTIONS_PER_IP_OVERRIDES, "10.0.0.7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address:number");
    }

    @Test
    void whatIsAlteredForOneBrokerComesBeforeWhatIsAlteredForAll() {
        BrokerSettings settings = BrokerSettings.of(Map.of(BrokerSettings.CONNECTIONS_MAX, "1"))
                .altered(Map.of(BrokerSettings.CONNECTIONS_MAX, "2"), Map.of(BrokerSettings.CONNECTIONS_MAX, "3"));

        assertThat(settings.number(BrokerSettings.CONNECTIONS_MAX)).isEqualTo(3);
        assertThat(settings.sources(BrokerSettings.CONNECTIONS_MAX))
                .containsExactly(
                        new BrokerSettings.Sourced("max.connections", "3", ConfigSource.DYNAMIC_BROKER_CONFIG),
                        new BrokerSettings.Sourced("max.connections", "2", ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
                        new BrokerSettings.Sourced("max.connections", "1", ConfigSource.STATIC_BROKER_CONFIG),
                        new BrokerSettings.Sourced("max.connections", "4096", ConfigSource.DEFAULT_CONFIG));
    }

    @Test
    void theFinestUnitOfRetentionCounts() {
        assertThat(retention(BrokerSettings.defaults())).isEqualTo(604_800_000);
        assertThat(retention(BrokerSettings.of(Map.of("log.retention.hours", "2"))))
                .isEqualTo(7_200_000);
        assertThat(retention(BrokerSettings.of(Map.of("log.retention.hours", "2", "log.retention.minutes", "3"))))
                .isEqualTo(180_000);
        assertThat(retention(BrokerSettings.of(Map.of("log.retention.minutes", "3", "log.retention.ms", "4"))))
                .isEqualTo(4);
        assertThat(retention(BrokerSettings.of(Map.of("log.retention.hours", "-1"))))
                .isEqualTo(-1);
    }

    @Test
    void aTopicsOwnConfigComesBeforeTheDefaultOfItsBroker() {
        BrokerSettings broker = BrokerSettings.of(Map.of("message.max.bytes", "5000"));

        assertThat(TopicConfigs.of(Map.of(), broker).number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                .isEqualTo(5000);
        assertThat(TopicConfigs.of(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "6000"), broker)
                        .number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                .isEqualTo(6000);
    }

    @Test
    void everyKeyHasAValidDefaultAndSaysWhatItDoes() {
        BrokerSettings.table().keys().forEach(key -> {
            assertThat(key.documentation).as(key.name).isNotBlank();
            assertThat(key.hasDefault()).as(key.name).isTrue();
        });
    }
}
