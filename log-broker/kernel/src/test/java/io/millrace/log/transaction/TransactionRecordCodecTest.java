package io.millrace.log.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.transaction.TransactionState.Completed;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import io.millrace.log.transaction.TransactionState.Result;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ours against Kafka's own classes, both ways. */
class TransactionRecordCodecTest {

    private static final TransactionProducer PRODUCER =
            new TransactionProducer(7, (short) 3, 6, (short) 2, 60_000, TransactionProducer.VERSION_2);

    private static final TransactionPartitions PARTITIONS =
            TransactionPartitions.of(TransactionFixture.named("b-1", "a-0", "b-0"));

    private static final Prepared PREPARED = new Prepared(Result.COMMIT, PRODUCER, 8, PARTITIONS, 1_000, 2_000);

    static Stream<TransactionState> states() {
        TransactionProducer plain = new TransactionProducer(
                7, (short) 0, -1, TransactionProducer.NO_EPOCH, 1, TransactionProducer.VERSION_0);
        return Stream.of(
                new Empty(PRODUCER, 2_000),
                new Empty(plain, 2_000),
                new Ongoing(PRODUCER, PARTITIONS, 1_000, 2_000),
                PREPARED,
                new Prepared(Result.ABORT, plain, -1, TransactionPartitions.NONE, 1_000, 2_000),
                new Completed(Result.COMMIT, PRODUCER, 1_000, 2_000),
                new Completed(Result.ABORT, plain, 1_000, 2_000));
    }

    @ParameterizedTest
    @MethodSource("states")
    void readsWhatItWrites(TransactionState state) {
        CoordinatorRecord record = TransactionRecordCodec.transaction("payments", state);

        assertThat(TransactionRecordCodec.read(record.key(), record.value()))
                .isEqualTo(new TransactionRecord.Transaction("payments", state));
    }

    @Test
    void kafkaReadsWhatItWrites() {
        CoordinatorRecord record = TransactionRecordCodec.transaction("payments", PREPARED);
        ByteBuffer key = record.key();
        ByteBuffer value = Objects.requireNonNull(record.value());

        assertThat(key.getShort()).isZero();
        assertThat(new TransactionLogKey(new ByteBufferAccessor(key), (short) 0).transactionalId())
                .isEqualTo("payments");
        assertThat(value.getShort()).isEqualTo((short) 1);
        TransactionLogValue read = new TransactionLogValue(new ByteBufferAccessor(value), (short) 1);
        assertThat(read.unknownTaggedFields())
                .singleElement()
                .satisfies(ours -> assertThat(ours.tag()).isEqualTo(1000));
        read.unknownTaggedFields().clear();
        assertThat(read).isEqualTo(kafkaValue().setTransactionStatus((byte) 2).setNextProducerId(8));
        assertThat(key.hasRemaining() || value.hasRemaining()).isFalse();
    }

    private static TransactionLogValue kafkaValue() {
        return new TransactionLogValue()
                .setProducerId(7)
                .setProducerEpoch((short) 3)
                .setPreviousProducerId(6)
                .setTransactionTimeoutMs(60_000)
                .setTransactionPartitions(List.of(
                        new PartitionsSchema().setTopic("a").setPartitionIds(List.of(0)),
                        new PartitionsSchema().setTopic("b").setPartitionIds(List.of(0, 1))))
                .setTransactionStartTimestampMs(1_000)
                .setTransactionLastUpdateTimestampMs(2_000)
                .setClientTransactionVersion((short) 2);
    }

    private static ByteBuffer written(TransactionLogValue value, int version) {
        return MessageUtil.toVersionPrefixedByteBuffer((short) version, value);
    }

    private static ByteBuffer key() {
        return MessageUtil.toVersionPrefixedByteBuffer(
                (short) 0, new TransactionLogKey().setTransactionalId("payments"));
    }

    @Test
    void readsWhatKafkaWrites() {
        TransactionLogValue value = kafkaValue().setTransactionStatus((byte) 3).setNextProducerId(8);

        assertThat(TransactionRecordCodec.read(key(), written(value, 1)))
                .isEqualTo(new TransactionRecord.Transaction(
                        "payments",
                        new Prepared(
                                Result.ABORT,
                                new TransactionProducer(7, (short) 3, 6, TransactionProducer.NO_EPOCH, 60_000, 2),
                                8,
                                PARTITIONS,
                                1_000,
                                2_000)));
    }

    @Test
    void readsWhatKafkaWroteBeforeVersionTwo() {
        TransactionLogValue empty = new TransactionLogValue()
                .setProducerId(7)
                .setProducerEpoch((short) 3)
                .setTransactionTimeoutMs(60_000)
                .setTransactionStatus((byte) 0)
                .setTransactionPartitions(null)
                .setTransactionStartTimestampMs(-1)
                .setTransactionLastUpdateTimestampMs(2_000);

        assertThat(TransactionRecordCodec.read(key(), written(empty, 0)))
                .isEqualTo(new TransactionRecord.Transaction(
                        "payments",
                        new Empty(
                                new TransactionProducer(7, (short) 3, -1, TransactionProducer.NO_EPOCH, 60_000, 0),
                                2_000)));
    }

    @Test
    void readsTombstonesAndPassesOverOtherKinds() {
        CoordinatorRecord tombstone = TransactionRecordCodec.tombstone("payments");

        assertThat(tombstone.value()).isNull();
        assertThat(TransactionRecordCodec.read(tombstone.key(), null))
                .isEqualTo(new TransactionRecord.Transaction("payments", null));
        assertThat(TransactionRecordCodec.read(
                        ByteBuffer.allocate(2).putShort((short) 9).flip(), null))
                .isEqualTo(new TransactionRecord.Unknown((short) 9));
    }

    @ParameterizedTest
    @ValueSource(bytes = {-1, 6, 7, 8})
    void refusesStatesInWhichNoTransactionIsEverWritten(byte status) {
        ByteBuffer value = written(kafkaValue().setTransactionStatus(status), 1);

        assertThatThrownBy(() -> TransactionRecordCodec.read(key(), value)).isInstanceOf(SchemaException.class);
    }

    @Test
    void refusesDamagedRecords() {
        CoordinatorRecord record = TransactionRecordCodec.transaction("payments", PREPARED);
        ByteBuffer value = Objects.requireNonNull(record.value());
        for (int length = 0; length < value.limit(); length++) {
            ByteBuffer cut = value.duplicate().limit(length);
            assertThatThrownBy(() -> TransactionRecordCodec.read(record.key().duplicate(), cut))
                    .isInstanceOf(SchemaException.class);
        }
        ByteBuffer later = ByteBuffer.allocate(2).putShort((short) 2).flip();
        assertThatThrownBy(() -> TransactionRecordCodec.read(record.key().duplicate(), later))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("version 2");
    }
}
