package io.millrace.log.transaction;

import static io.millrace.log.coordinator.VersionedFields.TAGGED;
import static io.millrace.log.transaction.TransactionRecordSchemas.KEY;
import static io.millrace.log.transaction.TransactionRecordSchemas.KEY_VERSION;
import static io.millrace.log.transaction.TransactionRecordSchemas.LAST_EPOCH_TAG;
import static io.millrace.log.transaction.TransactionRecordSchemas.NEXT_PRODUCER_ID_TAG;
import static io.millrace.log.transaction.TransactionRecordSchemas.PARTITIONS;
import static io.millrace.log.transaction.TransactionRecordSchemas.PARTITION_IDS;
import static io.millrace.log.transaction.TransactionRecordSchemas.PREVIOUS_PRODUCER_ID_TAG;
import static io.millrace.log.transaction.TransactionRecordSchemas.PRODUCER_EPOCH;
import static io.millrace.log.transaction.TransactionRecordSchemas.PRODUCER_ID;
import static io.millrace.log.transaction.TransactionRecordSchemas.STARTED;
import static io.millrace.log.transaction.TransactionRecordSchemas.STATUS;
import static io.millrace.log.transaction.TransactionRecordSchemas.TIMEOUT;
import static io.millrace.log.transaction.TransactionRecordSchemas.TOPIC;
import static io.millrace.log.transaction.TransactionRecordSchemas.TRANSACTIONAL_ID;
import static io.millrace.log.transaction.TransactionRecordSchemas.UPDATED;
import static io.millrace.log.transaction.TransactionRecordSchemas.VALUE;
import static io.millrace.log.transaction.TransactionRecordSchemas.VALUE_VERSION;
import static io.millrace.log.transaction.TransactionRecordSchemas.VERSION_TAG;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.VersionedFields;
import io.millrace.log.transaction.TransactionState.Completed;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import io.millrace.log.transaction.TransactionState.Result;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Between the records of {@code __transaction_state} and the states they hold; layouts in
 * {@link TransactionRecordSchemas}. Kafka's own tools read what is written here.
 */
final class TransactionRecordCodec {

    private static final long NO_TIME = -1;

    /** The fields that only some states have. */
    private record Extent(@Nullable TransactionPartitions partitions, long startedMs, long updatedMs, long nextId) {

        static Extent of(TransactionState state) {
            return switch (state) {
                case Empty empty -> new Extent(null, NO_TIME, empty.updatedMs(), TransactionProducer.NO_ID);
                case Ongoing open ->
                    new Extent(open.partitions(), open.startedMs(), open.updatedMs(), TransactionProducer.NO_ID);
                case Prepared ending ->
                    new Extent(ending.partitions(), ending.startedMs(), ending.updatedMs(), ending.nextProducerId());
                case Completed over ->
                    new Extent(
                            TransactionPartitions.NONE, over.startedMs(), over.updatedMs(), TransactionProducer.NO_ID);
            };
        }
    }

    private TransactionRecordCodec() {}

    static CoordinatorRecord transaction(String transactionalId, TransactionState state) {
        TransactionProducer producer = state.producer();
        Extent extent = Extent.of(state);
        Struct value = new Struct(VALUE.get(VALUE_VERSION))
                .set(PRODUCER_ID, producer.id())
                .set(PRODUCER_EPOCH, producer.epoch())
                .set(TIMEOUT, producer.timeoutMs())
                .set(STATUS, Status.of(state).code())
                .set(UPDATED, extent.updatedMs())
                .set(STARTED, extent.startedMs())
                .set(TAGGED, tagged(producer, extent.nextId()));
        value.set(PARTITIONS, extent.partitions() == null ? null : topics(value, extent.partitions()));
        return new CoordinatorRecord(key(transactionalId), VersionedFields.write(VALUE_VERSION, value));
    }

    static CoordinatorRecord tombstone(String transactionalId) {
        return new CoordinatorRecord(key(transactionalId), null);
    }

    /** @throws SchemaException if the record is damaged, or its value of an unknown version */
    static TransactionRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        short keyVersion = VersionedFields.version(key);
        if (keyVersion != KEY_VERSION) {
            return new TransactionRecord.Unknown(keyVersion);
        }
        String transactionalId = KEY.read(key).getString(TRANSACTIONAL_ID);
        return new TransactionRecord.Transaction(transactionalId, value == null ? null : readState(value));
    }

    private static ByteBuffer key(String transactionalId) {
        return VersionedFields.write(KEY_VERSION, new Struct(KEY).set(TRANSACTIONAL_ID, transactionalId));
    }

    /** Fields at their default are left out. */
    private static NavigableMap<Integer, Object> tagged(TransactionProducer producer, long nextProducerId) {
        NavigableMap<Integer, Object> fields = new TreeMap<>();
        if (producer.previousId() != TransactionProducer.NO_ID) {
            fields.put(PREVIOUS_PRODUCER_ID_TAG, producer.previousId());
        }
        if (nextProducerId != TransactionProducer.NO_ID) {
            fields.put(NEXT_PRODUCER_ID_TAG, nextProducerId);
        }
        if (producer.version() != TransactionProducer.VERSION_0) {
            fields.put(VERSION_TAG, (short) producer.version());
        }
        if (producer.lastEpoch() != TransactionProducer.NO_EPOCH) {
            fields.put(LAST_EPOCH_TAG, producer.lastEpoch());
        }
        return fields;
    }

    private static Object[] topics(Struct value, TransactionPartitions partitions) {
        List<Struct> topics = new ArrayList<>();
        partitions
                .byTopic()
                .forEach((topic, indexes) -> topics.add(value.instance(PARTITIONS)
                        .set(TOPIC, topic)
                        .set(PARTITION_IDS, indexes.toArray())
                        .set(TAGGED, new TreeMap<Integer, Object>())));
        return topics.toArray();
    }

    private static TransactionState readState(ByteBuffer value) {
        Struct fields = VersionedFields.read(value, VALUE, "transaction");
        NavigableMap<Integer, Object> tagged = VersionedFields.tagged(fields);
        TransactionProducer producer = new TransactionProducer(
                fields.getLong(PRODUCER_ID),
                fields.getShort(PRODUCER_EPOCH),
                (long) tagged.getOrDefault(PREVIOUS_PRODUCER_ID_TAG, TransactionProducer.NO_ID),
                (short) tagged.getOrDefault(LAST_EPOCH_TAG, TransactionProducer.NO_EPOCH),
                fields.getInt(TIMEOUT),
                (short) tagged.getOrDefault(VERSION_TAG, (short) TransactionProducer.VERSION_0));
        Extent extent = new Extent(readPartitions(fields), fields.getLong(STARTED), fields.getLong(UPDATED), (long)
                tagged.getOrDefault(NEXT_PRODUCER_ID_TAG, TransactionProducer.NO_ID));
        return state(Status.ofCode((byte) fields.get(STATUS)), producer, extent);
    }

    private static TransactionState state(Status status, TransactionProducer producer, Extent extent) {
        return switch (status) {
            case EMPTY -> new Empty(producer, extent.updatedMs());
            case ONGOING -> new Ongoing(producer, partitions(extent), extent.startedMs(), extent.updatedMs());
            case PREPARE_COMMIT -> prepared(Result.COMMIT, producer, extent);
            case PREPARE_ABORT -> prepared(Result.ABORT, producer, extent);
            case COMPLETE_COMMIT -> new Completed(Result.COMMIT, producer, extent.startedMs(), extent.updatedMs());
            case COMPLETE_ABORT -> new Completed(Result.ABORT, producer, extent.startedMs(), extent.updatedMs());
            case DEAD, PREPARE_EPOCH_FENCE ->
                throw new SchemaException(
                        "a transaction's record has the state " + status.label() + ", in which none is ever written");
        };
    }

    private static Prepared prepared(Result result, TransactionProducer producer, Extent extent) {
        return new Prepared(
                result, producer, extent.nextId(), partitions(extent), extent.startedMs(), extent.updatedMs());
    }

    private static TransactionPartitions partitions(Extent extent) {
        return extent.partitions() == null ? TransactionPartitions.NONE : extent.partitions();
    }

    private static TransactionPartitions readPartitions(Struct fields) {
        Object[] topics = fields.getArray(PARTITIONS);
        List<TopicPartition> partitions = new ArrayList<>();
        for (Object each : topics == null ? new Object[0] : topics) {
            Struct topic = (Struct) each;
            for (Object index : topic.getArray(PARTITION_IDS)) {
                partitions.add(new TopicPartition(topic.getString(TOPIC), (int) index));
            }
        }
        return TransactionPartitions.of(partitions);
    }
}
