package io.millrace.log.group;

import static io.millrace.log.group.ConsumerGroupRecordSchemas.TAG;

import java.util.List;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Layouts of the records in {@code __consumer_offsets}, as Kafka writes them. Every key and value begins with its
 * version, two bytes, which for keys tells the kind as well:
 *
 * <pre>
 *   key version 0, 1   OffsetCommitKey     value versions 0 to 4 (4 is written; 1 with an expiry of its own)
 *   key version 2      GroupMetadataKey    value versions 0 to 4 (3 is written)
 * </pre>
 *
 * Version 4 of both values is flexible: compact lengths, tagged fields. Source: OffsetCommitKey, OffsetCommitValue,
 * GroupMetadataKey and GroupMetadataValue of Apache Kafka's group coordinator; KIP-915 for version 4.
 */
final class GroupRecordSchemas {

    static final short OFFSET_KEY_VERSION = 1;
    static final short GROUP_KEY_VERSION = 2;
    static final short OFFSET_VALUE_VERSION = 4;
    static final short OFFSET_VALUE_VERSION_WITH_EXPIRY = 1;
    static final short GROUP_VALUE_VERSION = 3;

    static final String GROUP = "group";
    static final String TOPIC = "topic";
    static final String PARTITION = "partition";
    static final String OFFSET = "offset";
    static final String LEADER_EPOCH = "leaderEpoch";
    static final String METADATA = "metadata";
    static final String COMMIT_TIMESTAMP = "commitTimestamp";
    static final String EXPIRE_TIMESTAMP = "expireTimestamp";
    static final String PROTOCOL_TYPE = "protocolType";
    static final String GENERATION = "generation";
    static final String PROTOCOL = "protocol";
    static final String LEADER = "leader";
    static final String STATE_TIMESTAMP = "currentStateTimestamp";
    static final String MEMBERS = "members";
    static final String MEMBER_ID = "memberId";
    static final String INSTANCE_ID = "groupInstanceId";
    static final String CLIENT_ID = "clientId";
    static final String CLIENT_HOST = "clientHost";
    static final String REBALANCE_TIMEOUT = "rebalanceTimeout";
    static final String SESSION_TIMEOUT = "sessionTimeout";
    static final String SUBSCRIPTION = "subscription";
    static final String ASSIGNMENT = "assignment";

    static final Schema OFFSET_KEY =
            new Schema(new Field(GROUP, Type.STRING), new Field(TOPIC, Type.STRING), new Field(PARTITION, Type.INT32));

    static final Schema GROUP_KEY = new Schema(new Field(GROUP, Type.STRING));

    private static final Schema OFFSET_V0_AND_V2 = new Schema(
            new Field(OFFSET, Type.INT64), new Field(METADATA, Type.STRING), new Field(COMMIT_TIMESTAMP, Type.INT64));

    /** By version of the value. */
    static final List<Schema> OFFSET_VALUE = List.of(
            OFFSET_V0_AND_V2,
            new Schema(
                    new Field(OFFSET, Type.INT64),
                    new Field(METADATA, Type.STRING),
                    new Field(COMMIT_TIMESTAMP, Type.INT64),
                    new Field(EXPIRE_TIMESTAMP, Type.INT64)),
            OFFSET_V0_AND_V2,
            new Schema(
                    new Field(OFFSET, Type.INT64),
                    new Field(LEADER_EPOCH, Type.INT32),
                    new Field(METADATA, Type.STRING),
                    new Field(COMMIT_TIMESTAMP, Type.INT64)),
            new Schema(
                    new Field(OFFSET, Type.INT64),
                    new Field(LEADER_EPOCH, Type.INT32),
                    new Field(METADATA, Type.COMPACT_STRING),
                    new Field(COMMIT_TIMESTAMP, Type.INT64),
                    Field.TaggedFieldsSection.of(TAG, new Field("topicId", Type.UUID))));

    private static final Schema MEMBER_V0 = new Schema(
            new Field(MEMBER_ID, Type.STRING),
            new Field(CLIENT_ID, Type.STRING),
            new Field(CLIENT_HOST, Type.STRING),
            new Field(SESSION_TIMEOUT, Type.INT32),
            new Field(SUBSCRIPTION, Type.BYTES),
            new Field(ASSIGNMENT, Type.BYTES));

    private static final Schema MEMBER_V1 = new Schema(
            new Field(MEMBER_ID, Type.STRING),
            new Field(CLIENT_ID, Type.STRING),
            new Field(CLIENT_HOST, Type.STRING),
            new Field(REBALANCE_TIMEOUT, Type.INT32),
            new Field(SESSION_TIMEOUT, Type.INT32),
            new Field(SUBSCRIPTION, Type.BYTES),
            new Field(ASSIGNMENT, Type.BYTES));

    private static final Schema MEMBER_V3 = new Schema(
            new Field(MEMBER_ID, Type.STRING),
            new Field(INSTANCE_ID, Type.NULLABLE_STRING),
            new Field(CLIENT_ID, Type.STRING),
            new Field(CLIENT_HOST, Type.STRING),
            new Field(REBALANCE_TIMEOUT, Type.INT32),
            new Field(SESSION_TIMEOUT, Type.INT32),
            new Field(SUBSCRIPTION, Type.BYTES),
            new Field(ASSIGNMENT, Type.BYTES));

    private static final Schema MEMBER_V4 = new Schema(
            new Field(MEMBER_ID, Type.COMPACT_STRING),
            new Field(INSTANCE_ID, Type.COMPACT_NULLABLE_STRING),
            new Field(CLIENT_ID, Type.COMPACT_STRING),
            new Field(CLIENT_HOST, Type.COMPACT_STRING),
            new Field(REBALANCE_TIMEOUT, Type.INT32),
            new Field(SESSION_TIMEOUT, Type.INT32),
            new Field(SUBSCRIPTION, Type.COMPACT_BYTES),
            new Field(ASSIGNMENT, Type.COMPACT_BYTES),
            Field.TaggedFieldsSection.of());

    /** By version of the value. */
    static final List<Schema> GROUP_VALUE = List.of(
            groupWithoutTimestamp(MEMBER_V0),
            groupWithoutTimestamp(MEMBER_V1),
            groupWithTimestamp(MEMBER_V1),
            groupWithTimestamp(MEMBER_V3),
            new Schema(
                    new Field(PROTOCOL_TYPE, Type.COMPACT_STRING),
                    new Field(GENERATION, Type.INT32),
                    new Field(PROTOCOL, Type.COMPACT_NULLABLE_STRING),
                    new Field(LEADER, Type.COMPACT_NULLABLE_STRING),
                    new Field(STATE_TIMESTAMP, Type.INT64),
                    new Field(MEMBERS, new CompactArrayOf(MEMBER_V4)),
                    Field.TaggedFieldsSection.of()));

    private GroupRecordSchemas() {}

    private static Schema groupWithoutTimestamp(Schema member) {
        return new Schema(
                new Field(PROTOCOL_TYPE, Type.STRING),
                new Field(GENERATION, Type.INT32),
                new Field(PROTOCOL, Type.NULLABLE_STRING),
                new Field(LEADER, Type.NULLABLE_STRING),
                new Field(MEMBERS, new ArrayOf(member)));
    }

    private static Schema groupWithTimestamp(Schema member) {
        return new Schema(
                new Field(PROTOCOL_TYPE, Type.STRING),
                new Field(GENERATION, Type.INT32),
                new Field(PROTOCOL, Type.NULLABLE_STRING),
                new Field(LEADER, Type.NULLABLE_STRING),
                new Field(STATE_TIMESTAMP, Type.INT64),
                new Field(MEMBERS, new ArrayOf(member)));
    }
}
