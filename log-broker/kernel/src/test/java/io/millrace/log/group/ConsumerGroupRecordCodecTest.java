package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicProtocol;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue.TopicPartition;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ours against Kafka's own classes, both ways. */
class ConsumerGroupRecordCodecTest {

    private static final Uuid ORDERS = new Uuid(1, 2);
    private static final Uuid STOCK = new Uuid(3, 4);

    /** A record of ours, and how Kafka has it: version of the key, key, value. */
    record Pair(ConsumerGroupRecord ours, int keyVersion, Message key, Message value) {
        @Override
        public String toString() {
            return ours.toString();
        }
    }

    static List<Pair> records() {
        List<Pair> all = new ArrayList<>(memberRecords());
        all.addAll(assignmentRecords());
        return all;
    }

    private static List<Pair> memberRecords() {
        return List.of(
                new Pair(
                        new ConsumerGroupRecord.Epoch("shop", new ConsumerGroupRecord.Epoch.Value(7, 99)),
                        3,
                        new ConsumerGroupMetadataKey().setGroupId("shop"),
                        new ConsumerGroupMetadataValue().setEpoch(7).setMetadataHash(99)),
                new Pair(
                        new ConsumerGroupRecord.Epoch("shop", new ConsumerGroupRecord.Epoch.Value(7, 0)),
                        3,
                        new ConsumerGroupMetadataKey().setGroupId("shop"),
                        new ConsumerGroupMetadataValue().setEpoch(7)),
                new Pair(
                        new ConsumerGroupRecord.Profile("shop", "m", profile(null)),
                        5,
                        new ConsumerGroupMemberMetadataKey().setGroupId("shop").setMemberId("m"),
                        kafkaProfile()),
                new Pair(
                        new ConsumerGroupRecord.Profile("shop", "m", profile(classic())),
                        5,
                        new ConsumerGroupMemberMetadataKey().setGroupId("shop").setMemberId("m"),
                        kafkaProfile().setClassicMemberMetadata(kafkaClassic())));
    }

    private static List<Pair> assignmentRecords() {
        return List.of(
                new Pair(
                        new ConsumerGroupRecord.TargetEpoch("shop", new ConsumerGroupRecord.TargetEpoch.Value(8, 1234)),
                        6,
                        new ConsumerGroupTargetAssignmentMetadataKey().setGroupId("shop"),
                        new ConsumerGroupTargetAssignmentMetadataValue()
                                .setAssignmentEpoch(8)
                                .setAssignmentTimestamp(1234)),
                new Pair(
                        new ConsumerGroupRecord.Target(
                                "shop",
                                "m",
                                new TreeSet<>(List.of(
                                        new PartitionId(ORDERS, 0),
                                        new PartitionId(ORDERS, 4),
                                        new PartitionId(STOCK, 1)))),
                        7,
                        new ConsumerGroupTargetAssignmentMemberKey()
                                .setGroupId("shop")
                                .setMemberId("m"),
                        new ConsumerGroupTargetAssignmentMemberValue()
                                .setTopicPartitions(List.of(
                                        new TopicPartition().setTopicId(ORDERS).setPartitions(List.of(0, 4)),
                                        new TopicPartition().setTopicId(STOCK).setPartitions(List.of(1))))),
                new Pair(
                        new ConsumerGroupRecord.Current("shop", "m", current()),
                        8,
                        new ConsumerGroupCurrentMemberAssignmentKey()
                                .setGroupId("shop")
                                .setMemberId("m"),
                        kafkaCurrent(List.of(5, 6), List.of(4))),
                new Pair(
                        new ConsumerGroupRecord.Regex(
                                "shop", "or.*", new ResolvedRegex(new TreeSet<>(List.of("oranges", "orders")), 3, 55)),
                        16,
                        new ConsumerGroupRegularExpressionKey()
                                .setGroupId("shop")
                                .setRegularExpression("or.*"),
                        new ConsumerGroupRegularExpressionValue()
                                .setTopics(List.of("oranges", "orders"))
                                .setVersion(3)
                                .setTimestamp(55)));
    }

    private static ConsumerMember.Profile profile(@Nullable ClassicFace classic) {
        return new ConsumerMember.Profile(
                new MemberIdentity("m", "instance", "client", "/10.0.0.7"),
                new MemberSubscription(
                        new TreeSet<>(List.of("orders", "stock")), "or.*", "range", "rack-1", 60_000, classic));
    }

    private static ConsumerGroupMemberMetadataValue kafkaProfile() {
        return new ConsumerGroupMemberMetadataValue()
                .setInstanceId("instance")
                .setRackId("rack-1")
                .setClientId("client")
                .setClientHost("/10.0.0.7")
                .setSubscribedTopicNames(List.of("orders", "stock"))
                .setSubscribedTopicRegex("or.*")
                .setRebalanceTimeoutMs(60_000)
                .setServerAssignor("range");
    }

    private static ClassicFace classic() {
        return new ClassicFace(
                45_000, List.of(new ClassicFace.Protocol("cooperative-sticky", ByteBuffer.wrap(new byte[] {1, 2}))));
    }

    private static ClassicMemberMetadata kafkaClassic() {
        return new ClassicMemberMetadata()
                .setSessionTimeoutMs(45_000)
                .setSupportedProtocols(List.of(
                        new ClassicProtocol().setName("cooperative-sticky").setMetadata(new byte[] {1, 2})));
    }

    private static CurrentAssignment current() {
        return new CurrentAssignment(
                6,
                5,
                Reconciliation.UNREVOKED_PARTITIONS,
                new TreeMap<>(Map.of(new PartitionId(ORDERS, 0), 5, new PartitionId(ORDERS, 1), 6)),
                new TreeMap<>(Map.of(new PartitionId(STOCK, 2), 4)));
    }

    private static ConsumerGroupCurrentMemberAssignmentValue kafkaCurrent(
            List<Integer> assignedEpochs, List<Integer> revokingEpochs) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(6)
                .setPreviousMemberEpoch(5)
                .setState((byte) 1)
                .setAssignedPartitions(List.of(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .setTopicId(ORDERS)
                        .setPartitions(List.of(0, 1))
                        .setAssignmentEpochs(assignedEpochs)))
                .setPartitionsPendingRevocation(List.of(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .setTopicId(STOCK)
                        .setPartitions(List.of(2))
                        .setAssignmentEpochs(revokingEpochs)));
    }

    private static ByteBuffer prefixed(int version, Message message) {
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, (short) 0).buffer();
        return ByteBuffer.allocate(2 + body.remaining())
                .putShort((short) version)
                .put(body)
                .flip();
    }

    @ParameterizedTest
    @MethodSource("records")
    void weWriteTheBytesThatKafkaWrites(Pair pair) {
        CoordinatorRecord written = ConsumerGroupRecordCodec.write(pair.ours());

        assertThat(written.key()).isEqualTo(prefixed(pair.keyVersion(), pair.key()));
        assertThat(written.value()).isEqualTo(prefixed(0, pair.value()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void weReadWhatKafkaWrites(Pair pair) {
        GroupRecord read = GroupRecordCodec.read(prefixed(pair.keyVersion(), pair.key()), prefixed(0, pair.value()));

        assertThat(read).isEqualTo(pair.ours());
    }

    @ParameterizedTest
    @MethodSource("records")
    void aTombstoneIsReadBack(Pair pair) {
        GroupRecord read = GroupRecordCodec.read(prefixed(pair.keyVersion(), pair.key()), null);

        assertThat(read).isInstanceOfSatisfying(ConsumerGroupRecord.class, tombstone -> {
            assertThat(tombstone).hasSameClassAs(pair.ours());
            assertThat(tombstone.isTombstone()).isTrue();
            assertThat(ConsumerGroupRecordCodec.write(tombstone).value()).isNull();
        });
    }

    @Test
    void epochsThatAnOldRecordDoesNotTellAreThatOfTheMember() {
        ConsumerGroupCurrentMemberAssignmentValue value = kafkaCurrent(List.of(), List.of());
        value.assignedPartitions().getFirst().setAssignmentEpochs(null);
        value.partitionsPendingRevocation().getFirst().setAssignmentEpochs(null);
        ByteBuffer key = prefixed(
                8,
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId("shop").setMemberId("m"));

        GroupRecord read = GroupRecordCodec.read(key, prefixed(0, value));

        assertThat(read)
                .isInstanceOfSatisfying(
                        ConsumerGroupRecord.Current.class,
                        record -> assertThat(
                                        Objects.requireNonNull(record.value()).assigned())
                                .containsOnly(
                                        Map.entry(new PartitionId(ORDERS, 0), 6),
                                        Map.entry(new PartitionId(ORDERS, 1), 6)));
    }

    @Test
    void topicsThatAnOldBrokerKeptAreToBeRemoved() {
        ByteBuffer key = prefixed(4, new ConsumerGroupPartitionMetadataKey().setGroupId("shop"));

        assertThat(GroupRecordCodec.read(key.duplicate(), prefixed(0, new ConsumerGroupPartitionMetadataValue())))
                .isEqualTo(new ConsumerGroupRecord.OldTopics("shop", false));
        assertThat(ConsumerGroupRecordCodec.write(new ConsumerGroupRecord.OldTopics("shop", true)))
                .isEqualTo(new CoordinatorRecord(key, null));
    }

    @Test
    void aValueOfALaterVersionIsRefused() {
        ByteBuffer key = prefixed(3, new ConsumerGroupMetadataKey().setGroupId("shop"));
        ByteBuffer value = prefixed(1, new ConsumerGroupMetadataValue());

        assertThatThrownBy(() -> GroupRecordCodec.read(key, value))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("version 1");
    }

    @Test
    void aStateOfALaterVersionIsUnknown() {
        assertThat(Reconciliation.ofCode((byte) 1)).isEqualTo(Reconciliation.UNREVOKED_PARTITIONS);
        assertThat(Reconciliation.ofCode((byte) 55)).isEqualTo(Reconciliation.UNKNOWN);
    }
}
