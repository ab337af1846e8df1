package io.millrace.log.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class BatchHeaderTest {

    private static final int AT = 5;

    @Test
    void hasTheLengthOfKafkasHeader() {
        assertThat(BatchHeader.BYTES)
                .isEqualTo(DefaultRecordBatch.RECORD_BATCH_OVERHEAD)
                .isEqualTo(61);
    }

    @Test
    void readsTheFieldsThatKafkaWrote() {
        ByteBuffer buffer = buffer();
        MutableRecordBatch kafka = kafkas(buffer);
        assertThat(BatchHeader.baseOffset(buffer, AT)).isEqualTo(kafka.baseOffset());
        assertThat(BatchHeader.sizeInBytes(buffer, AT)).isEqualTo(kafka.sizeInBytes());
        assertThat(BatchHeader.leaderEpoch(buffer, AT)).isEqualTo(kafka.partitionLeaderEpoch());
        assertThat(BatchHeader.magic(buffer, AT)).isEqualTo(kafka.magic());
        assertThat(BatchHeader.crc(buffer, AT)).isEqualTo((int) kafka.checksum());
        assertThat(BatchHeader.codec(buffer, AT)).isEqualTo(kafka.compressionType().id);
        assertThat(BatchHeader.isControl(buffer, AT)).isFalse();
        assertThat(BatchHeader.isTransactional(buffer, AT)).isTrue();
        assertThat(BatchHeader.isLogAppendTime(buffer, AT)).isFalse();
        assertThat(BatchHeader.lastOffset(buffer, AT)).isEqualTo(kafka.lastOffset());
        assertThat(BatchHeader.baseTimestamp(buffer, AT)).isEqualTo(1000);
        assertThat(BatchHeader.maxTimestamp(buffer, AT)).isEqualTo(kafka.maxTimestamp());
        assertThat(BatchHeader.producerId(buffer, AT)).isEqualTo(kafka.producerId());
        assertThat(BatchHeader.producerEpoch(buffer, AT)).isEqualTo(kafka.producerEpoch());
        assertThat(BatchHeader.baseSequence(buffer, AT)).isEqualTo(kafka.baseSequence());
        assertThat(BatchHeader.recordCount(buffer, AT)).isEqualTo(kafka.countOrNull());
    }

    @Test
    void writesOutsideOfTheCrc() {
        ByteBuffer buffer = buffer();
        BatchHeader.baseOffset(buffer, AT, 1L << 40);
        BatchHeader.leaderEpoch(buffer, AT, 9);
        MutableRecordBatch kafka = kafkas(buffer);
        assertThat(kafka.isValid()).isTrue();
        assertThat(kafka.lastOffset()).isEqualTo((1L << 40) + 1);
        assertThat(kafka.partitionLeaderEpoch()).isEqualTo(9);
    }

    @Test
    void stampsTheTimeAndTheCrc() {
        ByteBuffer buffer = buffer();
        BatchHeader.stampLogAppendTime(buffer, AT, 5555, new CRC32C());
        MutableRecordBatch kafka = kafkas(buffer);
        assertThat(kafka.isValid()).isTrue();
        kafka.forEach(item -> assertThat(item.timestamp()).isEqualTo(5555));
        assertThat(buffer.position()).isEqualTo(AT);
    }

    private static MutableRecordBatch kafkas(ByteBuffer buffer) {
        return MemoryRecords.readableRecords(buffer.slice(AT, buffer.limit() - AT))
                .batches()
                .iterator()
                .next();
    }

    /** A batch that does not begin at the begin of its buffer. */
    private static ByteBuffer buffer() {
        ByteBuffer batch = MemoryRecords.withTransactionalRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        77,
                        Compression.gzip().build(),
                        123_456_789_000L,
                        (short) 3,
                        42,
                        7,
                        new SimpleRecord(1000, new byte[10]),
                        new SimpleRecord(2000, new byte[10]))
                .buffer();
        return ByteBuffer.allocateDirect(AT + batch.remaining())
                .position(AT)
                .put(batch)
                .flip()
                .position(AT);
    }
}
