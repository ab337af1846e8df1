package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.coordinator.CoordinatorRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ours against Kafka's own classes, both ways. */
class GroupRecordCodecTest {

    private static final CommittedOffset COMMITTED =
            new CommittedOffset(1234, 7, "note ä", 1_700_000_000_000L, -1).inTopic(new Uuid(1, 2));

    private static final StoredMember MEMBER = new StoredMember(
            new MemberIdentity("member-1", "instance-1", "client", "/10.0.0.7"),
            new MemberTimeouts(60_000, 45_000),
            ByteBuffer.wrap(new byte[] {1, 2, 3}),
            ByteBuffer.wrap(new byte[] {4, 5}));

    private static final StoredGroup GROUP =
            new StoredGroup("consumer", 9, "range", "member-1", 1_700_000_000_001L, List.of(MEMBER));

    private static ByteBuffer value(CoordinatorRecord record) {
        return Objects.requireNonNull(record.value()).duplicate();
    }

    private static ByteBuffer prefixed(int version, Message message, int schemaVersion) {
        byte[] body = Utils.toArray(
                MessageUtil.toByteBufferAccessor(message, (short) schemaVersion).buffer());
        return ByteBuffer.allocate(2 + body.length)
                .putShort((short) version)
                .put(body)
                .flip();
    }

    @Test
    void kafkaReadsTheOffsetsWeWrite() {
        CoordinatorRecord record = GroupRecordCodec.offset("shop", "orders", 3, COMMITTED);
        ByteBuffer key = record.key().duplicate();
        ByteBuffer value = value(record);

        assertThat(key.getShort()).isEqualTo((short) 1);
        assertThat(new OffsetCommitKey(new ByteBufferAccessor(key), (short) 0))
                .isEqualTo(new OffsetCommitKey()
                        .setGroup("shop")
                        .setTopic("orders")
                        .setPartition(3));
        assertThat(value.getShort()).isEqualTo((short) 4);
        assertThat(new OffsetCommitValue(new ByteBufferAccessor(value), (short) 4))
                .isEqualTo(new OffsetCommitValue()
                        .setOffset(1234)
                        .setLeaderEpoch(7)
                        .setMetadata("note ä")
                        .setCommitTimestamp(1_700_000_000_000L)
                        .setTopicId(new Uuid(1, 2)));
        assertThat(key.hasRemaining() || value.hasRemaining()).isFalse();
    }

    @Test
    void kafkaReadsTheExpiryWeWrite() {
        CoordinatorRecord record =
                GroupRecordCodec.offset("shop", "orders", 3, new CommittedOffset(1, 7, "", 2, 1_000));
        ByteBuffer value = value(record);

        assertThat(value.getShort()).isEqualTo((short) 1);
        assertThat(new OffsetCommitValue(new ByteBufferAccessor(value), (short) 1).expireTimestamp())
                .isEqualTo(1_000);
    }

    @Test
    void kafkaReadsTheGroupsWeWrite() {
        CoordinatorRecord record = GroupRecordCodec.group("shop", GROUP);
        ByteBuffer key = record.key().duplicate();
        ByteBuffer value = value(record);

        assertThat(key.getShort()).isEqualTo((short) 2);
        assertThat(new GroupMetadataKey(new ByteBufferAccessor(key), (short) 0).group())
                .isEqualTo("shop");
        assertThat(value.getShort()).isEqualTo((short) 3);
        assertThat(new GroupMetadataValue(new ByteBufferAccessor(value), (short) 3))
                .isEqualTo(kafkaGroup());
        assertThat(key.hasRemaining() || value.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void weReadEveryVersionOfOffsetsThatKafkaWrites(int version) {
        OffsetCommitValue value = new OffsetCommitValue()
                .setOffset(1234)
                .setLeaderEpoch(7)
                .setMetadata("note ä")
                .setCommitTimestamp(1_700_000_000_000L)
                .setExpireTimestamp(version == 1 ? 99 : -1);
        if (version == 4) {
            value.setTopicId(new Uuid(1, 2));
        }
        OffsetCommitKey key =
                new OffsetCommitKey().setGroup("shop").setTopic("orders").setPartition(3);

        GroupRecord read = GroupRecordCodec.read(prefixed(1, key, 0), prefixed(version, value, version));

        CommittedOffset expected = new CommittedOffset(
                        1234, version >= 3 ? 7 : -1, "note ä", 1_700_000_000_000L, version == 1 ? 99 : -1)
                .inTopic(version == 4 ? new Uuid(1, 2) : Uuid.ZERO_UUID);
        assertThat(read).isEqualTo(new GroupRecord.Offset("shop", "orders", 3, expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void weReadEveryVersionOfGroupsThatKafkaWrites(int version) {
        GroupMetadataKey key = new GroupMetadataKey().setGroup("shop");

        GroupRecord read = GroupRecordCodec.read(prefixed(2, key, 0), prefixed(version, kafkaGroup(), version));

        MemberIdentity identity =
                new MemberIdentity("member-1", version >= 3 ? "instance-1" : null, "client", "/10.0.0.7");
        StoredMember member = new StoredMember(
                identity,
                new MemberTimeouts(version >= 1 ? 60_000 : 45_000, 45_000),
                MEMBER.subscription(),
                MEMBER.assignment());
        assertThat(read)
                .isEqualTo(new GroupRecord.Group(
                        "shop",
                        new StoredGroup(
                                "consumer",
                                9,
                                "range",
                                "member-1",
                                version >= 2 ? 1_700_000_000_001L : -1,
                                List.of(member))));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        CoordinatorRecord group = GroupRecordCodec.group("shop", GROUP);
        StoredGroup empty = new StoredGroup(null, 3, null, null, 5, List.of());
        CoordinatorRecord emptyGroup = GroupRecordCodec.group("shop", empty);
        CoordinatorRecord tombstone = GroupRecordCodec.offsetTombstone("shop", "orders", 3);
        CommittedOffset ofOldTopic = COMMITTED.inTopic(Uuid.ZERO_UUID);
        CoordinatorRecord offset = GroupRecordCodec.offset("shop", "orders", 3, ofOldTopic);

        assertThat(GroupRecordCodec.read(offset.key(), offset.value()))
                .isEqualTo(new GroupRecord.Offset("shop", "orders", 3, ofOldTopic));
        assertThat(GroupRecordCodec.read(group.key(), group.value())).isEqualTo(new GroupRecord.Group("shop", GROUP));
        assertThat(GroupRecordCodec.read(emptyGroup.key(), emptyGroup.value()))
                .isEqualTo(new GroupRecord.Group("shop", empty));
        assertThat(GroupRecordCodec.read(tombstone.key(), tombstone.value()))
                .isEqualTo(new GroupRecord.Offset("shop", "orders", 3, null));
    }

    @Test
    void recordsOfLaterKindsAreUnknownAndOfLaterVersionsRefused() {
        ByteBuffer shareGroupKey = ByteBuffer.allocate(6).putShort((short) 9).rewind();
        assertThat(GroupRecordCodec.read(shareGroupKey, null)).isEqualTo(new GroupRecord.Unknown((short) 9));

        CoordinatorRecord record = GroupRecordCodec.offset("shop", "orders", 3, COMMITTED);
        ByteBuffer value = value(record).putShort(0, (short) 5);
        assertThatThrownBy(() -> GroupRecordCodec.read(record.key(), value))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("version 5, known are 0 to 4");
    }

    private static GroupMetadataValue kafkaGroup() {
        return new GroupMetadataValue()
                .setProtocolType("consumer")
                .setGeneration(9)
                .setProtocol("range")
                .setLeader("member-1")
                .setCurrentStateTimestamp(1_700_000_000_001L)
                .setMembers(List.of(new MemberMetadata()
                        .setMemberId("member-1")
                        .setGroupInstanceId("instance-1")
                        .setClientId("client")
                        .setClientHost("/10.0.0.7")
                        .setRebalanceTimeout(60_000)
                        .setSessionTimeout(45_000)
                        .setSubscription(new byte[] {1, 2, 3})
                        .setAssignment(new byte[] {4, 5})));
    }
}
