package io.millrace.log.group;

import static io.millrace.log.coordinator.VersionedFields.TAGGED;
import static io.millrace.log.group.ConsumerGroupRecordSchemas.TAG;
import static io.millrace.log.group.GroupRecordSchemas.*;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.VersionedFields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Between the records of {@code __consumer_offsets} and their values; layouts in {@link GroupRecordSchemas}. Kafka's
 * own tools read what is written here.
 */
final class GroupRecordCodec {

    private GroupRecordCodec() {}

    static CoordinatorRecord offset(String groupId, String topic, int partition, CommittedOffset committed) {
        boolean expires = committed.expireTimestampMs() != CommittedOffset.NO_EXPIRY;
        short version = expires ? OFFSET_VALUE_VERSION_WITH_EXPIRY : OFFSET_VALUE_VERSION;
        Struct value = new Struct(OFFSET_VALUE.get(version))
                .set(OFFSET, committed.offset())
                .set(METADATA, committed.metadata())
                .set(COMMIT_TIMESTAMP, committed.commitTimestampMs());
        if (expires) {
            value.set(EXPIRE_TIMESTAMP, committed.expireTimestampMs());
        } else {
            NavigableMap<Integer, Object> tags = new TreeMap<>();
            if (!committed.topicId().equals(Uuid.ZERO_UUID)) {
                tags.put(TAG, committed.topicId());
            }
            value.set(LEADER_EPOCH, committed.leaderEpoch()).set(TAGGED, tags);
        }
        return new CoordinatorRecord(offsetKey(groupId, topic, partition), VersionedFields.write(version, value));
    }

    static CoordinatorRecord offsetTombstone(String groupId, String topic, int partition) {
        return new CoordinatorRecord(offsetKey(groupId, topic, partition), null);
    }

    static CoordinatorRecord group(String groupId, StoredGroup group) {
        Schema schema = GROUP_VALUE.get(GROUP_VALUE_VERSION);
        Struct value = new Struct(schema)
                .set(PROTOCOL_TYPE, group.protocolType() == null ? "" : group.protocolType())
                .set(GENERATION, group.generation())
                .set(PROTOCOL, group.protocol())
                .set(LEADER, group.leader())
                .set(STATE_TIMESTAMP, group.stateTimestampMs());
        value.set(
                MEMBERS,
                group.members().stream().map(each -> member(value, each)).toArray());
        return new CoordinatorRecord(groupKey(groupId), VersionedFields.write(GROUP_VALUE_VERSION, value));
    }

    static CoordinatorRecord groupTombstone(String groupId) {
        return new CoordinatorRecord(groupKey(groupId), null);
    }

    /** @throws SchemaException if the record is damaged, or its value of an unknown version */
    static GroupRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        short keyVersion = VersionedFields.version(key);
        return switch (keyVersion) {
            case 0, OFFSET_KEY_VERSION -> {
                Struct fields = OFFSET_KEY.read(key);
                yield new GroupRecord.Offset(
                        fields.getString(GROUP),
                        fields.getString(TOPIC),
                        fields.getInt(PARTITION),
                        value == null ? null : readOffset(value));
            }
            case GROUP_KEY_VERSION ->
                new GroupRecord.Group(GROUP_KEY.read(key).getString(GROUP), value == null ? null : readGroup(value));
            default ->
                ConsumerGroupRecordCodec.knows(keyVersion)
                        ? ConsumerGroupRecordCodec.read(keyVersion, key, value)
                        : new GroupRecord.Unknown(keyVersion);
        };
    }

    private static ByteBuffer offsetKey(String groupId, String topic, int partition) {
        return VersionedFields.write(
                OFFSET_KEY_VERSION,
                new Struct(OFFSET_KEY).set(GROUP, groupId).set(TOPIC, topic).set(PARTITION, partition));
    }

    private static ByteBuffer groupKey(String groupId) {
        return VersionedFields.write(GROUP_KEY_VERSION, new Struct(GROUP_KEY).set(GROUP, groupId));
    }

    private static Struct member(Struct group, StoredMember member) {
        MemberIdentity identity = member.identity();
        return group.instance(MEMBERS)
                .set(MEMBER_ID, identity.memberId())
                .set(INSTANCE_ID, identity.instanceId())
                .set(CLIENT_ID, identity.clientId())
                .set(CLIENT_HOST, identity.clientHost())
                .set(REBALANCE_TIMEOUT, member.timeouts().rebalanceMs())
                .set(SESSION_TIMEOUT, member.timeouts().sessionMs())
                .set(SUBSCRIPTION, member.subscription())
                .set(ASSIGNMENT, member.assignment());
    }

    private static CommittedOffset readOffset(ByteBuffer value) {
        Struct fields = VersionedFields.read(value, OFFSET_VALUE, "offset");
        CommittedOffset committed = new CommittedOffset(
                fields.getLong(OFFSET),
                fields.hasField(LEADER_EPOCH) ? fields.getInt(LEADER_EPOCH) : CommittedOffset.NO_LEADER_EPOCH,
                fields.getString(METADATA),
                fields.getLong(COMMIT_TIMESTAMP),
                fields.hasField(EXPIRE_TIMESTAMP) ? fields.getLong(EXPIRE_TIMESTAMP) : CommittedOffset.NO_EXPIRY);
        return committed.inTopic((Uuid) VersionedFields.tagged(fields).getOrDefault(TAG, Uuid.ZERO_UUID));
    }

    private static StoredGroup readGroup(ByteBuffer value) {
        Struct fields = VersionedFields.read(value, GROUP_VALUE, "group");
        List<StoredMember> members = new ArrayList<>();
        for (Object member : fields.getArray(MEMBERS)) {
            members.add(readMember((Struct) member));
        }
        String protocolType = fields.getString(PROTOCOL_TYPE);
        return new StoredGroup(
                protocolType.isEmpty() ? null : protocolType,
                fields.getInt(GENERATION),
                fields.getString(PROTOCOL),
                fields.getString(LEADER),
                fields.hasField(STATE_TIMESTAMP) ? fields.getLong(STATE_TIMESTAMP) : -1,
                members);
    }

    private static StoredMember readMember(Struct fields) {
        int sessionMs = fields.getInt(SESSION_TIMEOUT);
        int rebalanceMs = fields.hasField(REBALANCE_TIMEOUT) ? fields.getInt(REBALANCE_TIMEOUT) : -1;
        return new StoredMember(
                new MemberIdentity(
                        fields.getString(MEMBER_ID),
                        fields.hasField(INSTANCE_ID) ? fields.getString(INSTANCE_ID) : null,
                        fields.getString(CLIENT_ID),
                        fields.getString(CLIENT_HOST)),
                new MemberTimeouts(rebalanceMs < 0 ? sessionMs : rebalanceMs, sessionMs),
                fields.getBytes(SUBSCRIPTION),
                fields.getBytes(ASSIGNMENT));
    }
}
