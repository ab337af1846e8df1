package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.PartitionCreation.Growth;
import io.millrace.log.metadata.TopicCreation.Created;
import io.millrace.log.metadata.TopicCreation.Defaults;
import io.millrace.log.metadata.TopicCreation.NewTopic;
import io.millrace.log.metadata.TopicDeletion.Deleted;
import io.millrace.log.metadata.TopicDeletion.Target;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ControllerDecisionsTest {

    private static final Uuid ORDERS = new Uuid(1, 1);
    private static final Defaults ONE = new Defaults(1, 1);

    private final ClusterImage image = ClusterImage.empty()
            .apply(List.of(
                    new MetadataRecord.BrokerRegistered(1, null, 9092),
                    new MetadataRecord.TopicCreated(
                            ORDERS, "orders", List.of(PartitionState.on(1)), Map.of("retention.ms", "5"))));

    private static NewTopic topic(String name, int partitions, int replicas, Map<String, @Nullable String> configs) {
        return new NewTopic(new Uuid(3, name.hashCode()), name, partitions, replicas, Map.of(), configs);
    }

    private Created create(NewTopic topic) {
        return TopicCreation.decide(image, List.of(topic), new Defaults(3, 1), false)
                .answer()
                .getFirst();
    }

    @Test
    void createsATopicWithTheDefaultNumberOfPartitions() {
        Created created = create(topic("new", -1, -1, Map.of()));

        assertThat(created.error()).isEqualTo(Errors.NONE);
        assertThat(created.topic())
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
    }

    @Test
    void refusesWhatNoTopicCanBe() {
        assertThat(create(topic("orders", 1, 1, Map.of())).error()).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(create(topic("a/b", 1, 1, Map.of())).error()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(create(topic("new", 0, 1, Map.of())).error()).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(create(topic("new", 1, 3, Map.of())).error()).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(create(topic("new", 1, 1, Map.of("retention.ms", "soon"))).error())
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void namesTheNearestKeyForAnUnknownConfig() {
        Created created = create(topic("new", 1, 1, Map.of("retentoin.ms", "5")));

        assertThat(created.error()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(created.message()).contains("retentoin.ms").contains("nearest known is retention.ms");
    }

    @Test
    void createsOnlyOneOfTwoTopicsOfOneNameInOneRequest() {
        Decision<List<Created>> decision = TopicCreation.decide(
                image, List.of(topic("a", 1, 1, Map.of()), topic("a", 2, 1, Map.of())), ONE, false);

        assertThat(decision.records()).hasSize(1);
        assertThat(decision.answer())
                .extracting(Created::error)
                .containsExactly(Errors.NONE, Errors.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void changesNothingWhenItOnlyValidates() {
        assertThat(TopicCreation.decide(image, List.of(topic("a", 1, 1, Map.of())), ONE, true)
                        .records())
                .isEmpty();
        assertThat(PartitionCreation.decide(image, List.of(new Growth("orders", 2, null)), true, ChangeBudget.UNLIMITED)
                        .records())
                .isEmpty();
    }

    @Test
    void placesPartitionsWhereTheClientSays() {
        NewTopic assigned =
                new NewTopic(new Uuid(4, 4), "placed", -1, -1, Map.of(0, List.of(1), 1, List.of(1)), Map.of());
        NewTopic unknown = new NewTopic(new Uuid(4, 5), "lost", -1, -1, Map.of(0, List.of(8)), Map.of());

        assertThat(create(assigned).topic())
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
        assertThat(create(unknown).error()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void deletesByNameAndById() {
        assertThat(TopicDeletion.decide(image, List.of(new Target("orders", Uuid.ZERO_UUID)), ChangeBudget.UNLIMITED)
                        .records())
                .containsExactly(new MetadataRecord.TopicDeleted(ORDERS));
        assertThat(TopicDeletion.decide(image, List.of(new Target(null, ORDERS)), ChangeBudget.UNLIMITED)
                        .records())
                .containsExactly(new MetadataRecord.TopicDeleted(ORDERS));
        assertThat(TopicDeletion.decide(image, List.of(new Target(null, new Uuid(9, 9))), ChangeBudget.UNLIMITED)
                        .answer())
                .extracting(Deleted::error)
                .containsExactly(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void addsPartitionsButTakesNoneAway() {
        Decision<List<PartitionCreation.Grown>> more =
                PartitionCreation.decide(image, List.of(new Growth("orders", 3, null)), false, ChangeBudget.UNLIMITED);
        Decision<List<PartitionCreation.Grown>> same =
                PartitionCreation.decide(image, List.of(new Growth("orders", 1, null)), false, ChangeBudget.UNLIMITED);

        assertThat(image.apply(more.records()).topic("orders"))
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
        assertThat(same.answer().getFirst().error()).isEqualTo(Errors.INVALID_PARTITIONS);
    }

    @Test
    void deletesNothingThatIsNamedTwiceOverOrNotAtAll() {
        List<Target> targets = List.of(new Target("orders", ORDERS), new Target(null, Uuid.ZERO_UUID));

        assertThat(TopicDeletion.decide(image, targets, ChangeBudget.UNLIMITED).answer())
                .extracting(Deleted::error)
                .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
    }

    @Test
    void refusesTopicsThatKafkaRefuses() {
        ClusterImage dotted = image.apply(List.of(
                new MetadataRecord.TopicCreated(new Uuid(8, 8), "a.b", List.of(PartitionState.on(1)), Map.of())));
        Map<String, @Nullable String> noValue = new TreeMap<>();
        noValue.put("retention.ms", null);

        assertThat(TopicCreation.decide(dotted, List.of(topic("a_b", 1, 1, Map.of())), ONE, false)
                        .answer()
                        .getFirst()
                        .error())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(create(topic("new", 10_001, 1, Map.of())).error()).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(create(topic("new", -2, 1, Map.of())).error()).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(create(topic("new", 1, 0, Map.of())).error()).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(create(topic("new", 1, 1, noValue)).error()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(create(topic("__cluster_metadata", 1, 1, Map.of())).error()).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void createsATopicWithTheDefaultNumberOfReplicas() {
        assertThat(TopicCreation.decide(image, List.of(topic("new", 1, -1, Map.of())), new Defaults(1, 2), false)
                        .answer()
                        .getFirst()
                        .error())
                .isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(TopicCreation.decide(image, List.of(topic("new", 1, 1, Map.of())), new Defaults(1, 2), false)
                        .answer()
                        .getFirst()
                        .error())
                .isEqualTo(Errors.NONE);
    }

    @Test
    void givesEveryProducerIdBlockOnce() {
        Decision<ProducerIds.Block> first = ProducerIds.allocate(image);
        Decision<ProducerIds.Block> second = ProducerIds.allocate(image.apply(first.records()));

        assertThat(second.answer().start()).isEqualTo(first.answer().end());
    }
}
