package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.ConfigAlteration.Alteration;
import io.millrace.log.metadata.ConfigAlteration.Altered;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigAlterationTest {

    private static final String MILLIS = "consumer.session.timeout.ms";

    private final ClusterImage image = ClusterImage.empty()
            .apply(List.of(
                    new MetadataRecord.BrokerRegistered(1, null, 9092),
                    new MetadataRecord.TopicCreated(
                            new Uuid(1, 1), "orders", List.of(PartitionState.on(1)), Map.of("retention.ms", "5"))));

    private Decision<Altered> decide(ConfigResource.Type type, String name, boolean replaceAll, Edit... edits) {
        Alteration alteration = new Alteration(new ConfiguredResource(type, name), replaceAll, List.of(edits));
        return ConfigAlteration.decide(image, GroupConfig.defaults(), alteration, false);
    }

    private static Edit set(String key, @Nullable String value) {
        return new Edit(key, OpType.SET, value);
    }

    private Map<String, String> topicAfter(boolean replaceAll, Edit... edits) {
        return image
                .apply(decide(ConfigResource.Type.TOPIC, "orders", replaceAll, edits)
                        .records())
                .topics()
                .stream()
                .findFirst()
                .orElseThrow()
                .configs();
    }

    private Map<String, String> after(ConfigResource.Type type, String name, Edit... edits) {
        return image.apply(decide(type, name, false, edits).records())
                .settings()
                .configs(type, name);
    }

    @Test
    void changesSingleConfigsOfATopic() {
        assertThat(topicAfter(false, set("retention.bytes", "100")))
                .containsOnly(Map.entry("retention.bytes", "100"), Map.entry("retention.ms", "5"));
        assertThat(topicAfter(false, new Edit("retention.ms", OpType.DELETE, null)))
                .isEmpty();
        assertThat(topicAfter(false, new Edit("cleanup.policy", OpType.APPEND, "compact")))
                .containsEntry("cleanup.policy", "delete,compact");
        assertThat(topicAfter(false, new Edit("nothing.known", OpType.DELETE, null)))
                .containsOnly(Map.entry("retention.ms", "5"));
    }

    @Test
    void replacesAllConfigsOfATopic() {
        assertThat(topicAfter(true, set("retention.bytes", "100"))).containsOnly(Map.entry("retention.bytes", "100"));
    }

    @Test
    void changesBrokersOneByOneAndAllTogether() {
        assertThat(after(ConfigResource.Type.BROKER, "1", set("max.connections", "50")))
                .containsEntry("max.connections", "50");
        assertThat(after(ConfigResource.Type.BROKER, "", set("log.retention.ms", "50")))
                .containsEntry("log.retention.ms", "50");
    }

    @Test
    void keepsSubscriptionsToMetricsOfClients() {
        assertThat(after(
                        ConfigResource.Type.CLIENT_METRICS,
                        "all",
                        set("match", "client_id=a.*,client_software_name=java")))
                .containsEntry("match", "client_id=a.*,client_software_name=java");
    }

    @Test
    void aGroupHasConfigsWithoutBeingThere() {
        assertThat(after(ConfigResource.Type.GROUP, "g", set(MILLIS, "50000"))).containsEntry(MILLIS, "50000");
    }

    @Test
    void changesNothingWhenItOnlyValidates() {
        Alteration alteration = new Alteration(
                new ConfiguredResource(ConfigResource.Type.TOPIC, "orders"),
                false,
                List.of(set("retention.bytes", "100")));

        Decision<Altered> decision = ConfigAlteration.decide(image, GroupConfig.defaults(), alteration, true);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.answer().error()).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, none, retention.ms, 5, UNKNOWN_TOPIC_OR_PARTITION",
        "TOPIC, a/b, retention.ms, 5, INVALID_TOPIC_EXCEPTION",
        "TOPIC, orders, retentoin.ms, 5, INVALID_CONFIG",
        "TOPIC, orders, retention.ms, soon, INVALID_CONFIG",
        "TOPIC, orders, retention.ms, -2, INVALID_CONFIG",
        "TOPIC, orders, retention.ms, , INVALID_REQUEST",
        "BROKER, 8, max.connections, 5, INVALID_REQUEST",
        "BROKER, one, max.connections, 5, INVALID_REQUEST",
        "BROKER, 1, num.partitions, 5, INVALID_REQUEST",
        "BROKER, 1, max.conections, 5, INVALID_REQUEST",
        "BROKER, 1, max.connections, many, INVALID_REQUEST",
        "BROKER, '', log.retention.ms, soon, INVALID_REQUEST",
        "CLIENT_METRICS, '', interval.ms, 5000, INVALID_REQUEST",
        "CLIENT_METRICS, s, speed, 5000, INVALID_REQUEST",
        "CLIENT_METRICS, s, interval.ms, 50, INVALID_REQUEST",
        "CLIENT_METRICS, s, interval.ms, 3600001, INVALID_REQUEST",
        "CLIENT_METRICS, s, interval.ms, many, INVALID_CONFIG",
        "CLIENT_METRICS, s, match, all, INVALID_CONFIG",
        "CLIENT_METRICS, s, match, planet=x, INVALID_CONFIG",
        "CLIENT_METRICS, s, match, client_id=((, INVALID_CONFIG",
        "GROUP, '', consumer.session.timeout.ms, 50000, INVALID_REQUEST",
        "GROUP, g, consumer.session.timeout.ms, 100, INVALID_CONFIG",
        "GROUP, g, consumer.session.timeout.ms, 100000, INVALID_CONFIG",
        "GROUP, g, consumer.heartbeat.interval.ms, 1, INVALID_CONFIG",
        "GROUP, g, consumer.session.timeout.ms, soon, INVALID_CONFIG",
        "GROUP, g, speed, 5, INVALID_CONFIG",
        "UNKNOWN, x, speed, 5, INVALID_REQUEST",
        "BROKER_LOGGER, 1, root, INFO, INVALID_REQUEST",
    })
    void refusesWithTheErrorsOfKafka(
            ConfigResource.Type type, String name, String key, @Nullable String value, Errors error) {
        Decision<Altered> decision = decide(type, name, false, set(key, value));

        assertThat(decision.answer().error()).isEqualTo(error);
        assertThat(decision.answer().message()).isNotBlank();
        assertThat(decision.records()).isEmpty();
    }

    @Test
    void refusesToAppendToWhatIsNoList() {
        assertThat(decide(ConfigResource.Type.TOPIC, "orders", false, new Edit("retention.ms", OpType.APPEND, "1"))
                        .answer()
                        .error())
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void refusesToChangeOneKeyTwice() {
        assertThat(decide(
                                ConfigResource.Type.TOPIC,
                                "orders",
                                false,
                                set("retention.ms", "1"),
                                set("retention.ms", "2"))
                        .answer()
                        .error())
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aValueOfAGroupOutsideTheLimitsOfTodayCountsAsTheNearest() {
        ConsumerGroupConfig broker = GroupConfig.defaults().consumers();

        assertThat(GroupOverrides.value(MILLIS, Map.of(), broker)).isEqualTo(45_000);
        assertThat(GroupOverrides.value(MILLIS, Map.of(MILLIS, "50000"), broker))
                .isEqualTo(50_000);
        assertThat(GroupOverrides.value(MILLIS, Map.of(MILLIS, "70000"), broker))
                .isEqualTo(60_000);
    }
}
