package io.millrace.log.group;

import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Layouts of the records in {@code __consumer_offsets} that keep a {@link ConsumerGroup}, as Kafka writes them. Every
 * key and value begins with its version, two bytes, which for keys tells the kind as well; values are of version 0.
 *
 * <pre>
 *   key  3   ConsumerGroupMetadata             group                  tag 0: hash of the topics (KIP-1101)
 *   key  4   ConsumerGroupPartitionMetadata    group                  only tombstones are written (KIP-1101)
 *   key  5   ConsumerGroupMemberMetadata       group, member          tag 0: what it said as a classic member
 *   key  6   ConsumerGroupTargetAssignmentMetadata   group            tag 0: when it was computed (KIP-1263)
 *   key  7   ConsumerGroupTargetAssignmentMember     group, member
 *   key  8   ConsumerGroupCurrentMemberAssignment    group, member    tag 0 of each topic: epochs of its partitions
 *   key 16   ConsumerGroupRegularExpression    group, expression
 * </pre>
 *
 * Source: the record schemas of Apache Kafka's group coordinator 4.3.1.
 */
final class ConsumerGroupRecordSchemas {

    static final short EPOCH_KEY = 3;
    static final short OLD_TOPICS_KEY = 4;
    static final short PROFILE_KEY = 5;
    static final short TARGET_EPOCH_KEY = 6;
    static final short TARGET_KEY = 7;
    static final short CURRENT_KEY = 8;
    static final short REGEX_KEY = 16;
    static final short VALUE_VERSION = 0;

    static final int TAG = 0;

    static final String GROUP = "groupId";
    static final String MEMBER = "memberId";
    static final String REGEX = "regularExpression";
    static final String EPOCH = "epoch";
    static final String PREVIOUS_EPOCH = "previousEpoch";
    static final String STATE = "state";
    static final String ASSIGNED = "assignedPartitions";
    static final String REVOKING = "partitionsPendingRevocation";
    static final String TOPIC_PARTITIONS = "topicPartitions";
    static final String TOPIC_ID = "topicId";
    static final String PARTITIONS = "partitions";
    static final String INSTANCE_ID = "instanceId";
    static final String RACK_ID = "rackId";
    static final String CLIENT_ID = "clientId";
    static final String CLIENT_HOST = "clientHost";
    static final String TOPICS = "topics";
    static final String REBALANCE_TIMEOUT = "rebalanceTimeoutMs";
    static final String ASSIGNOR = "serverAssignor";
    static final String SESSION_TIMEOUT = "sessionTimeoutMs";
    static final String PROTOCOLS = "supportedProtocols";
    static final String NAME = "name";
    static final String METADATA = "metadata";
    static final String VERSION = "version";
    static final String TIMESTAMP = "timestamp";

    static final Schema GROUP_FIELDS = new Schema(new Field(GROUP, Type.STRING));

    static final Schema MEMBER_FIELDS = new Schema(new Field(GROUP, Type.STRING), new Field(MEMBER, Type.STRING));

    static final Schema REGEX_FIELDS = new Schema(new Field(GROUP, Type.STRING), new Field(REGEX, Type.STRING));

    static final Schema EPOCH_VALUE = new Schema(
            new Field(EPOCH, Type.INT32), Field.TaggedFieldsSection.of(TAG, new Field("metadataHash", Type.INT64)));

    private static final Schema CLASSIC_PROTOCOL = new Schema(
            new Field(NAME, Type.COMPACT_STRING),
            new Field(METADATA, Type.COMPACT_BYTES),
            Field.TaggedFieldsSection.of());

    static final Schema CLASSIC_MEMBER = new NullableSchema(new Schema(
            new Field(SESSION_TIMEOUT, Type.INT32),
            new Field(PROTOCOLS, new CompactArrayOf(CLASSIC_PROTOCOL)),
            Field.TaggedFieldsSection.of()));

    static final Schema PROFILE_VALUE = new Schema(
            new Field(INSTANCE_ID, Type.COMPACT_NULLABLE_STRING),
            new Field(RACK_ID, Type.COMPACT_NULLABLE_STRING),
            new Field(CLIENT_ID, Type.COMPACT_STRING),
            new Field(CLIENT_HOST, Type.COMPACT_STRING),
            new Field(TOPICS, new CompactArrayOf(Type.COMPACT_STRING)),
            new Field(REGEX, Type.COMPACT_NULLABLE_STRING),
            new Field(REBALANCE_TIMEOUT, Type.INT32),
            new Field(ASSIGNOR, Type.COMPACT_NULLABLE_STRING),
            Field.TaggedFieldsSection.of(TAG, new Field("classicMemberMetadata", CLASSIC_MEMBER)));

    static final Schema TARGET_EPOCH_VALUE = new Schema(
            new Field(EPOCH, Type.INT32),
            Field.TaggedFieldsSection.of(TAG, new Field("assignmentTimestamp", Type.INT64)));

    static final Schema TARGET_VALUE = new Schema(
            new Field(
                    TOPIC_PARTITIONS,
                    new CompactArrayOf(new Schema(
                            new Field(TOPIC_ID, Type.UUID),
                            new Field(PARTITIONS, new CompactArrayOf(Type.INT32)),
                            Field.TaggedFieldsSection.of()))),
            Field.TaggedFieldsSection.of());

    private static final Schema HELD_PARTITIONS = new Schema(
            new Field(TOPIC_ID, Type.UUID),
            new Field(PARTITIONS, new CompactArrayOf(Type.INT32)),
            Field.TaggedFieldsSection.of(TAG, new Field("assignmentEpochs", CompactArrayOf.nullable(Type.INT32))));

    static final Schema CURRENT_VALUE = new Schema(
            new Field(EPOCH, Type.INT32),
            new Field(PREVIOUS_EPOCH, Type.INT32),
            new Field(STATE, Type.INT8),
            new Field(ASSIGNED, new CompactArrayOf(HELD_PARTITIONS)),
            new Field(REVOKING, new CompactArrayOf(HELD_PARTITIONS)),
            Field.TaggedFieldsSection.of());

    static final Schema REGEX_VALUE = new Schema(
            new Field(TOPICS, new CompactArrayOf(Type.COMPACT_STRING)),
            new Field(VERSION, Type.INT64),
            new Field(TIMESTAMP, Type.INT64),
            Field.TaggedFieldsSection.of());

    private ConsumerGroupRecordSchemas() {}
}
