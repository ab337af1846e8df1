package io.millrace.log.transaction;

import java.util.List;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Field.TaggedFieldsSection;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Layouts of the records in {@code __transaction_state}, as Kafka writes them. Key and value begin with their version,
 * two bytes. Keys have version 0; values 0 or 1, of which 1 is written: flexible, with what KIP-890 added in tagged
 * fields. Source: TransactionLogKey and TransactionLogValue of Apache Kafka's transaction coordinator.
 *
 * <p>One tagged field is ours: the epoch before, by which a client's request is known for a repetition (KIP-360). Kafka
 * keeps it in memory only, and fences a producer that repeats itself across a change of the coordinator; its tools pass
 * over the field.
 */
final class TransactionRecordSchemas {

    static final short KEY_VERSION = 0;
    static final short VALUE_VERSION = 1;

    static final String TRANSACTIONAL_ID = "transactionalId";
    static final String PRODUCER_ID = "producerId";
    static final String PRODUCER_EPOCH = "producerEpoch";
    static final String TIMEOUT = "transactionTimeoutMs";
    static final String STATUS = "transactionStatus";
    static final String PARTITIONS = "transactionPartitions";
    static final String TOPIC = "topic";
    static final String PARTITION_IDS = "partitionIds";
    static final String UPDATED = "transactionLastUpdateTimestampMs";
    static final String STARTED = "transactionStartTimestampMs";

    static final int PREVIOUS_PRODUCER_ID_TAG = 0;
    static final int NEXT_PRODUCER_ID_TAG = 1;
    static final int VERSION_TAG = 2;
    /** Far from what Kafka counts up to. */
    static final int LAST_EPOCH_TAG = 1000;

    static final Schema KEY = new Schema(new Field(TRANSACTIONAL_ID, Type.STRING));

    /** By version of the value. */
    static final List<Schema> VALUE = List.of(
            new Schema(
                    new Field(PRODUCER_ID, Type.INT64),
                    new Field(PRODUCER_EPOCH, Type.INT16),
                    new Field(TIMEOUT, Type.INT32),
                    new Field(STATUS, Type.INT8),
                    new Field(
                            PARTITIONS,
                            ArrayOf.nullable(new Schema(
                                    new Field(TOPIC, Type.STRING), new Field(PARTITION_IDS, new ArrayOf(Type.INT32))))),
                    new Field(UPDATED, Type.INT64),
                    new Field(STARTED, Type.INT64)),
            new Schema(
                    new Field(PRODUCER_ID, Type.INT64),
                    new Field(PRODUCER_EPOCH, Type.INT16),
                    new Field(TIMEOUT, Type.INT32),
                    new Field(STATUS, Type.INT8),
                    new Field(
                            PARTITIONS,
                            CompactArrayOf.nullable(new Schema(
                                    new Field(TOPIC, Type.COMPACT_STRING),
                                    new Field(PARTITION_IDS, new CompactArrayOf(Type.INT32)),
                                    TaggedFieldsSection.of()))),
                    new Field(UPDATED, Type.INT64),
                    new Field(STARTED, Type.INT64),
                    TaggedFieldsSection.of(
                            PREVIOUS_PRODUCER_ID_TAG, new Field("previousProducerId", Type.INT64),
                            NEXT_PRODUCER_ID_TAG, new Field("nextProducerId", Type.INT64),
                            VERSION_TAG, new Field("clientTransactionVersion", Type.INT16),
                            LAST_EPOCH_TAG, new Field("lastProducerEpoch", Type.INT16))));

    private TransactionRecordSchemas() {}
}
