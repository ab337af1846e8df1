package io.millrace.log.group;

import static io.millrace.log.coordinator.VersionedFields.TAGGED;
import static io.millrace.log.group.ConsumerGroupRecordSchemas.*;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.VersionedFields;
import io.millrace.log.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Between the records of {@code __consumer_offsets} that keep a {@link ConsumerGroup} and their values; layouts in
 * {@link ConsumerGroupRecordSchemas}. Partitions are the affair of {@link PartitionListCodec}.
 */
final class ConsumerGroupRecordCodec {

    private ConsumerGroupRecordCodec() {}

    static CoordinatorRecord write(ConsumerGroupRecord record) {
        Struct value = value(record);
        return new CoordinatorRecord(key(record), value == null ? null : VersionedFields.write(VALUE_VERSION, value));
    }

    /** Whether a key of this version belongs here. */
    static boolean knows(short keyVersion) {
        return (keyVersion >= EPOCH_KEY && keyVersion <= CURRENT_KEY) || keyVersion == REGEX_KEY;
    }

    /**
     * @param key after its version
     * @param value with its version; null for a tombstone
     * @throws SchemaException if the record is damaged, or its value of an unknown version
     */
    static ConsumerGroupRecord read(short keyVersion, ByteBuffer key, @Nullable ByteBuffer value) {
        if (value != null) {
            requireKnown(keyVersion, value);
        }
        return switch (keyVersion) {
            case PROFILE_KEY, TARGET_KEY, CURRENT_KEY -> readOfMember(keyVersion, MEMBER_FIELDS.read(key), value);
            case REGEX_KEY -> {
                Struct fields = REGEX_FIELDS.read(key);
                yield new ConsumerGroupRecord.Regex(
                        fields.getString(GROUP),
                        fields.getString(REGEX),
                        value == null ? null : readRegex(REGEX_VALUE.read(value)));
            }
            default -> readOfGroup(keyVersion, GROUP_FIELDS.read(key).getString(GROUP), value);
        };
    }

    private static ConsumerGroupRecord readOfGroup(short keyVersion, String groupId, @Nullable ByteBuffer value) {
        return switch (keyVersion) {
            case EPOCH_KEY -> new ConsumerGroupRecord.Epoch(groupId, value == null ? null : readEpoch(value));
            case OLD_TOPICS_KEY -> new ConsumerGroupRecord.OldTopics(groupId, value == null);
            case TARGET_EPOCH_KEY ->
                new ConsumerGroupRecord.TargetEpoch(groupId, value == null ? null : readTargetEpoch(value));
            default -> throw new IllegalArgumentException("no key of a consumer group has version " + keyVersion);
        };
    }

    private static ConsumerGroupRecord readOfMember(short keyVersion, Struct key, @Nullable ByteBuffer value) {
        String groupId = key.getString(GROUP);
        String memberId = key.getString(MEMBER);
        return switch (keyVersion) {
            case PROFILE_KEY ->
                new ConsumerGroupRecord.Profile(
                        groupId, memberId, value == null ? null : readProfile(memberId, PROFILE_VALUE.read(value)));
            case TARGET_KEY ->
                new ConsumerGroupRecord.Target(
                        groupId,
                        memberId,
                        value == null
                                ? null
                                : PartitionListCodec.read(
                                        TARGET_VALUE.read(value).getArray(TOPIC_PARTITIONS)));
            default ->
                new ConsumerGroupRecord.Current(
                        groupId, memberId, value == null ? null : readCurrent(CURRENT_VALUE.read(value)));
        };
    }

    private static ByteBuffer key(ConsumerGroupRecord record) {
        String groupId = record.groupId();
        return switch (record) {
            case ConsumerGroupRecord.Epoch _ -> groupKey(EPOCH_KEY, groupId);
            case ConsumerGroupRecord.OldTopics _ -> groupKey(OLD_TOPICS_KEY, groupId);
            case ConsumerGroupRecord.TargetEpoch _ -> groupKey(TARGET_EPOCH_KEY, groupId);
            case ConsumerGroupRecord.Profile profile -> memberKey(PROFILE_KEY, groupId, profile.memberId());
            case ConsumerGroupRecord.Target target -> memberKey(TARGET_KEY, groupId, target.memberId());
            case ConsumerGroupRecord.Current current -> memberKey(CURRENT_KEY, groupId, current.memberId());
            case ConsumerGroupRecord.Regex regex ->
                VersionedFields.write(
                        REGEX_KEY, new Struct(REGEX_FIELDS).set(GROUP, groupId).set(REGEX, regex.regex()));
        };
    }

    private static ByteBuffer groupKey(short version, String groupId) {
        return VersionedFields.write(version, new Struct(GROUP_FIELDS).set(GROUP, groupId));
    }

    private static ByteBuffer memberKey(short version, String groupId, String memberId) {
        return VersionedFields.write(
                version, new Struct(MEMBER_FIELDS).set(GROUP, groupId).set(MEMBER, memberId));
    }

    /** Null for a tombstone. */
    private static @Nullable Struct value(ConsumerGroupRecord record) {
        return switch (record) {
            case ConsumerGroupRecord.Epoch each -> each.value() == null ? null : writeEpoch(each.value());
            case ConsumerGroupRecord.OldTopics each -> requireTombstone(each);
            case ConsumerGroupRecord.TargetEpoch each -> each.value() == null ? null : writeTargetEpoch(each.value());
            case ConsumerGroupRecord.Profile each -> each.value() == null ? null : writeProfile(each.value());
            case ConsumerGroupRecord.Target each -> each.value() == null ? null : writeTarget(each.value());
            case ConsumerGroupRecord.Current each -> each.value() == null ? null : writeCurrent(each.value());
            case ConsumerGroupRecord.Regex each -> each.value() == null ? null : writeRegex(each.value());
        };
    }

    private static @Nullable Struct requireTombstone(ConsumerGroupRecord.OldTopics record) {
        if (!record.isTombstone()) {
            throw new IllegalArgumentException("nothing is written in " + record + " but a tombstone");
        }
        return null;
    }

    private static Struct writeEpoch(ConsumerGroupRecord.Epoch.Value value) {
        return struct(EPOCH_VALUE, value.topicsHash() == 0 ? null : value.topicsHash())
                .set(EPOCH, value.epoch());
    }

    private static Struct writeTargetEpoch(ConsumerGroupRecord.TargetEpoch.Value value) {
        return struct(TARGET_EPOCH_VALUE, value.timestampMs() == 0 ? null : value.timestampMs())
                .set(EPOCH, value.epoch());
    }

    private static Struct writeTarget(SortedSet<PartitionId> target) {
        Struct fields = struct(TARGET_VALUE, null);
        return fields.set(TOPIC_PARTITIONS, PartitionListCodec.write(fields, TOPIC_PARTITIONS, target));
    }

    private static Struct writeRegex(ResolvedRegex regex) {
        return struct(REGEX_VALUE, null)
                .set(TOPICS, regex.topics().toArray())
                .set(VERSION, regex.version())
                .set(TIMESTAMP, regex.timestampMs());
    }

    private static Struct writeProfile(ConsumerMember.Profile profile) {
        MemberSubscription subscription = profile.subscription();
        ClassicFace classic = subscription.classic();
        return struct(PROFILE_VALUE, classic == null ? null : writeClassic(classic))
                .set(INSTANCE_ID, profile.identity().instanceId())
                .set(RACK_ID, subscription.rackId())
                .set(CLIENT_ID, profile.identity().clientId())
                .set(CLIENT_HOST, profile.identity().clientHost())
                .set(TOPICS, subscription.topics().toArray())
                .set(REGEX, subscription.regex())
                .set(REBALANCE_TIMEOUT, subscription.rebalanceTimeoutMs())
                .set(ASSIGNOR, subscription.assignor());
    }

    private static Struct writeClassic(ClassicFace classic) {
        Struct fields = struct(CLASSIC_MEMBER, null).set(SESSION_TIMEOUT, classic.sessionTimeoutMs());
        return fields.set(
                PROTOCOLS,
                classic.protocols().stream()
                        .map(each -> fields.instance(PROTOCOLS)
                                .set(NAME, each.name())
                                .set(METADATA, each.metadata().duplicate())
                                .set(TAGGED, new TreeMap<>()))
                        .toArray());
    }

    private static Struct writeCurrent(CurrentAssignment current) {
        Struct fields = struct(CURRENT_VALUE, null)
                .set(EPOCH, current.epoch())
                .set(PREVIOUS_EPOCH, current.previousEpoch())
                .set(STATE, current.state().code());
        return fields.set(ASSIGNED, PartitionListCodec.write(fields, ASSIGNED, current.assigned()))
                .set(REVOKING, PartitionListCodec.write(fields, REVOKING, current.revoking()));
    }

    private static ConsumerGroupRecord.Epoch.Value readEpoch(ByteBuffer value) {
        Struct fields = EPOCH_VALUE.read(value);
        return new ConsumerGroupRecord.Epoch.Value(
                fields.getInt(EPOCH), (Long) VersionedFields.tagged(fields).getOrDefault(TAG, 0L));
    }

    private static ConsumerGroupRecord.TargetEpoch.Value readTargetEpoch(ByteBuffer value) {
        Struct fields = TARGET_EPOCH_VALUE.read(value);
        return new ConsumerGroupRecord.TargetEpoch.Value(
                fields.getInt(EPOCH), (Long) VersionedFields.tagged(fields).getOrDefault(TAG, 0L));
    }

    private static ConsumerMember.Profile readProfile(String memberId, Struct fields) {
        String regex = fields.getString(REGEX);
        Struct classic = (Struct) VersionedFields.tagged(fields).get(TAG);
        return new ConsumerMember.Profile(
                new MemberIdentity(
                        memberId,
                        fields.getString(INSTANCE_ID),
                        fields.getString(CLIENT_ID),
                        fields.getString(CLIENT_HOST)),
                new MemberSubscription(
                        strings(fields.getArray(TOPICS)),
                        regex == null ? "" : regex,
                        fields.getString(ASSIGNOR),
                        fields.getString(RACK_ID),
                        fields.getInt(REBALANCE_TIMEOUT),
                        classic == null ? null : readClassic(classic)));
    }

    private static ClassicFace readClassic(Struct fields) {
        List<ClassicFace.Protocol> protocols = new ArrayList<>();
        for (Object each : fields.getArray(PROTOCOLS)) {
            Struct protocol = (Struct) each;
            protocols.add(new ClassicFace.Protocol(protocol.getString(NAME), protocol.getBytes(METADATA)));
        }
        if (protocols.isEmpty()) {
            throw new SchemaException("a member that speaks the classic protocol knows none");
        }
        return new ClassicFace(fields.getInt(SESSION_TIMEOUT), protocols);
    }

    private static CurrentAssignment readCurrent(Struct fields) {
        int epoch = fields.getInt(EPOCH);
        return new CurrentAssignment(
                epoch,
                fields.getInt(PREVIOUS_EPOCH),
                Reconciliation.ofCode((Byte) fields.get(STATE)),
                PartitionListCodec.readHeld(fields.getArray(ASSIGNED), epoch),
                PartitionListCodec.readHeld(fields.getArray(REVOKING), epoch));
    }

    private static ResolvedRegex readRegex(Struct fields) {
        return new ResolvedRegex(strings(fields.getArray(TOPICS)), fields.getLong(VERSION), fields.getLong(TIMESTAMP));
    }

    private static SortedSet<String> strings(Object[] values) {
        SortedSet<String> strings = new TreeSet<>();
        for (Object each : values) {
            strings.add((String) each);
        }
        return strings;
    }

    /** @param tag value of the one tagged field; null to leave it out */
    private static Struct struct(Schema schema, @Nullable Object tag) {
        NavigableMap<Integer, Object> tags = new TreeMap<>();
        if (tag != null) {
            tags.put(TAG, tag);
        }
        return new Struct(schema).set(TAGGED, tags);
    }

    private static void requireKnown(short keyVersion, ByteBuffer value) {
        short version = VersionedFields.version(value);
        if (version != VALUE_VERSION) {
            throw new SchemaException("the value of a record of kind " + keyVersion + " has version " + version
                    + ", known is " + VALUE_VERSION);
        }
    }
}
