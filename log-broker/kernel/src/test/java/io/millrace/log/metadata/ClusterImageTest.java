package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ClusterImageTest {

    private static final Uuid ORDERS = new Uuid(1, 1);
    private static final Uuid OTHER = new Uuid(2, 2);

    private static MetadataRecord.TopicCreated topic(Uuid id, String name) {
        return new MetadataRecord.TopicCreated(id, name, List.of(PartitionState.on(1)), Map.of());
    }

    @Test
    void leavesTheImageItWasMadeFromAsItWas() {
        ClusterImage before = ClusterImage.empty().apply(List.of(topic(ORDERS, "orders")));

        before.apply(List.of(new MetadataRecord.TopicDeleted(ORDERS)));

        assertThat(before.topic("orders")).isNotNull();
    }

    @Test
    void givesANameToTheFirstTopicThatAsksForIt() {
        ClusterImage image = ClusterImage.empty().apply(List.of(topic(ORDERS, "orders"), topic(OTHER, "orders")));

        assertThat(image.topic("orders")).extracting(TopicImage::id).isEqualTo(ORDERS);
        assertThat(image.topic(OTHER)).isNull();
    }

    @Test
    void ignoresChangesToATopicThatIsGone() {
        ClusterImage image = ClusterImage.empty()
                .apply(List.of(
                        topic(ORDERS, "orders"),
                        new MetadataRecord.TopicDeleted(ORDERS),
                        new MetadataRecord.PartitionsAdded(ORDERS, List.of(PartitionState.on(1))),
                        new MetadataRecord.TopicConfigured(ORDERS, Map.of("retention.ms", "1"))));

        assertThat(image.topics()).isEmpty();
    }

    @Test
    void isMadeAgainByItsSnapshot() {
        ClusterImage image = ClusterImage.empty()
                .apply(List.of(
                        new MetadataRecord.ClusterNamed("cluster"),
                        new MetadataRecord.BrokerRegistered(1, null, 9092),
                        topic(ORDERS, "orders"),
                        new MetadataRecord.PartitionsAdded(ORDERS, List.of(PartitionState.on(1))),
                        new MetadataRecord.TopicConfigured(ORDERS, Map.of("retention.ms", "1")),
                        new MetadataRecord.ProducerIdsAllocated(3000)));

        ClusterImage again = ClusterImage.empty().apply(image.snapshot());

        assertThat(again.snapshot()).isEqualTo(image.snapshot());
        assertThat(again.nextProducerId()).isEqualTo(3000);
        assertThat(again.topic(ORDERS)).isEqualTo(image.topic(ORDERS));
    }
}
