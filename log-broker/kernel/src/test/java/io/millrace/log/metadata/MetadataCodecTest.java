package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {

    private static final Uuid TOPIC = new Uuid(7, 9);

    private static final List<MetadataRecord> EVERY_KIND = List.of(
            new MetadataRecord.ClusterNamed("cluster"),
            new MetadataRecord.BrokerRegistered(1, null, 9092),
            new MetadataRecord.BrokerRegistered(2, "broker.example.org", 9092),
            new MetadataRecord.TopicCreated(
                    TOPIC, "orders", List.of(PartitionState.on(1)), Map.of("retention.ms", "5", "log.flush", "os")),
            new MetadataRecord.PartitionsAdded(TOPIC, List.of(new PartitionState(2, 3, List.of(2, 1), List.of(2)))),
            new MetadataRecord.TopicConfigured(TOPIC, Map.of("retention.ms", "6")),
            new MetadataRecord.TopicDeleted(TOPIC),
            new MetadataRecord.ProducerIdsAllocated(2000),
            new MetadataRecord.ResourceConfigured(
                    new ConfiguredResource(ConfigResource.Type.BROKER, ""), Map.of("max.connections", "9")),
            new MetadataRecord.ClientQuotaSet(
                    new QuotaEntity("alice", QuotaEntity.DEFAULT, null), Map.of("producer_byte_rate", 1.5)),
            new MetadataRecord.ScramSecretSet(
                    new ScramLogin("bob", ScramMechanism.SCRAM_SHA_512), new ScramSecret("a", "b", "c", 4096)),
            new MetadataRecord.ScramSecretSet(new ScramLogin("bob", ScramMechanism.SCRAM_SHA_256), null));

    @Test
    void readsBackEveryKindOfRecord() {
        assertThat(MetadataCodec.decode(MetadataCodec.encode(EVERY_KIND))).isEqualTo(EVERY_KIND);
    }

    @Test
    void refusesABatchWithAnyByteChanged() {
        ByteBuffer good = MetadataCodec.encode(EVERY_KIND);
        for (int i = 0; i < good.limit(); i++) {
            ByteBuffer bad =
                    ByteBuffer.allocate(good.limit()).put(good.duplicate()).flip();
            bad.put(i, (byte) (bad.get(i) ^ 0x10));
            assertThatThrownBy(() -> MetadataCodec.decode(bad))
                    .as("byte %d", i)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesABatchThatIsCutShort() {
        ByteBuffer good = MetadataCodec.encode(EVERY_KIND);
        for (int length = 0; length < good.limit(); length++) {
            ByteBuffer cut = good.slice(0, length);
            assertThatThrownBy(() -> MetadataCodec.decode(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
