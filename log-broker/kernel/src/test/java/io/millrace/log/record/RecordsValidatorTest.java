package io.millrace.log.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class RecordsValidatorTest {

    private static final long NOW = 1_000_000_000;
    private static final RecordRules COMPACTED =
            new RecordRules(1_000_000, TimestampType.CREATE_TIME, Long.MAX_VALUE, 3_600_000, true);

    private final RecordsValidator validator = new RecordsValidator();

    @Test
    void acceptsWhatKafkasOwnProducerBuilds() {
        for (Compression compression : new Compression[] {
            Compression.NONE,
            Compression.gzip().build(),
            Compression.snappy().build(),
            Compression.lz4().build(),
            Compression.zstd().build()
        }) {
            ByteBuffer batch = batch(compression, record(NOW, "k", "v"), record(NOW, "k", "w"));
            ByteBuffer before = copy(batch);
            assertThat(validator.check(batch, RecordRules.DEFAULTS, NOW)).isNull();
            assertThat(batch).isEqualTo(before);
        }
    }

    @Test
    void acceptsSeveralBatchesBetweenPositionAndLimit() {
        ByteBuffer one = batch(Compression.NONE, record(NOW, "k", "v"));
        ByteBuffer all = ByteBuffer.allocateDirect(2 * one.remaining() + 10);
        all.position(7)
                .put(one.duplicate())
                .put(one.duplicate())
                .limit(all.position())
                .position(7);
        assertThat(validator.check(all, RecordRules.DEFAULTS, NOW)).isNull();
        assertThat(all.position()).isEqualTo(7);
    }

    @Test
    void refusesAnEmptyPayload() {
        assertRefused(ByteBuffer.allocate(0), Errors.INVALID_RECORD);
    }

    @Test
    void refusesEveryShorterPayload() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        for (int length = 1; length < batch.limit(); length++) {
            assertRefused(batch.duplicate().limit(length), Errors.CORRUPT_MESSAGE);
        }
    }

    @Test
    void refusesEveryFlippedBitBelowTheCrc() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        for (int at = BatchHeader.CRC_AT; at < batch.limit(); at++) {
            ByteBuffer damaged = copy(batch);
            damaged.put(at, (byte) (damaged.get(at) ^ 4));
            assertRefused(damaged, Errors.CORRUPT_MESSAGE);
        }
    }

    @Test
    void neverReadsOutsideOfThePayloadWhateverItsLengthField() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 48, 1000, Integer.MAX_VALUE}) {
            ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
            batch.putInt(BatchHeader.LENGTH_AT, length);
            assertRefused(batch, Errors.CORRUPT_MESSAGE);
        }
    }

    @Test
    void refusesOlderFormats() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        batch.put(BatchHeader.MAGIC_AT, (byte) 1);
        assertRefused(batch, Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT);
    }

    @Test
    void refusesABatchThatIsTooLarge() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v".repeat(200)));
        RecordRules rules =
                new RecordRules(batch.limit() - 1, TimestampType.CREATE_TIME, Long.MAX_VALUE, Long.MAX_VALUE, false);
        assertThat(validator.check(batch, rules, NOW))
                .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(Errors.MESSAGE_TOO_LARGE));
    }

    @Test
    void refusesARecordCountThatDoesNotFitTheOffsets() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        batch.putInt(BatchHeader.RECORD_COUNT_AT, 2);
        assertRefused(signed(batch), Errors.INVALID_RECORD);
        batch.putInt(BatchHeader.RECORD_COUNT_AT, 0).putInt(BatchHeader.LAST_OFFSET_DELTA_AT, -1);
        assertRefused(signed(batch), Errors.INVALID_RECORD);
    }

    @Test
    void refusesAnUnknownCodec() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        batch.putShort(BatchHeader.ATTRIBUTES_AT, (short) 5);
        assertRefused(signed(batch), Errors.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void refusesWhatOnlyABrokerWrites() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        batch.putShort(BatchHeader.ATTRIBUTES_AT, (short) 0x20);
        assertRefused(signed(batch), Errors.INVALID_RECORD);
        batch.putShort(BatchHeader.ATTRIBUTES_AT, (short) 0x08);
        assertRefused(signed(batch), Errors.INVALID_TIMESTAMP);
    }

    @Test
    void refusesATransactionalBatchWithoutAProducer() {
        ByteBuffer batch = batch(Compression.NONE, record(NOW, "k", "v"));
        batch.putShort(BatchHeader.ATTRIBUTES_AT, (short) 0x10);
        assertRefused(signed(batch), Errors.INVALID_RECORD);
    }

    @Test
    void refusesAnIdempotentBatchWithoutEpochOrSequence() {
        ByteBuffer batch = MemoryRecords.withIdempotentRecords(
                        RecordBatch.MAGIC_VALUE_V2, 0, Compression.NONE, 5, (short) 0, 0, 0, record(NOW, "k", "v"))
                .buffer();
        assertThat(validator.check(batch, RecordRules.DEFAULTS, NOW)).isNull();
        batch.putInt(BatchHeader.BASE_SEQUENCE_AT, -1);
        assertRefused(signed(batch), Errors.INVALID_RECORD);
    }

    @Test
    void refusesTimestampsOutOfBounds() {
        RecordRules rules = new RecordRules(1_000_000, TimestampType.CREATE_TIME, 100, 10, false);
        for (long timestamp : new long[] {NOW - 100, NOW, NOW + 10, RecordBatch.NO_TIMESTAMP}) {
            assertThat(validator.check(batch(Compression.NONE, record(timestamp, "k", "v")), rules, NOW))
                    .isNull();
        }
        for (long timestamp : new long[] {NOW - 101, NOW + 11, 0, Long.MAX_VALUE}) {
            assertThat(validator.check(batch(Compression.NONE, record(timestamp, "k", "v")), rules, NOW))
                    .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(Errors.INVALID_TIMESTAMP));
        }
    }

    @Test
    void refusesRecordsWithoutKeysForCompactedTopics() {
        for (Compression compression :
                new Compression[] {Compression.NONE, Compression.zstd().build()}) {
            ByteBuffer keyed = batch(compression, record(NOW, "k", "v"), record(NOW, "k", "w"));
            assertThat(validator.check(keyed, COMPACTED, NOW)).isNull();
            ByteBuffer keyless = batch(compression, record(NOW, "k", "v"), new SimpleRecord(NOW, bytes("w")));
            assertThat(validator.check(keyless, RecordRules.DEFAULTS, NOW)).isNull();
            assertThat(validator.check(keyless, COMPACTED, NOW)).satisfies(refusal -> {
                assertThat(refusal.error()).isEqualTo(Errors.INVALID_RECORD);
                assertThat(refusal.message()).contains("record 1");
            });
        }
    }

    @Test
    void refusesRecordsThatDoNotParseForCompactedTopics() {
        for (Compression compression :
                new Compression[] {Compression.NONE, Compression.gzip().build()}) {
            ByteBuffer batch = batch(compression, record(NOW, "k", "v"));
            for (int at = BatchHeader.BYTES; at < batch.limit(); at++) {
                batch.put(at, (byte) 0xff);
            }
            assertThat(validator.check(signed(batch), COMPACTED, NOW))
                    .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(Errors.INVALID_RECORD));
        }
    }

    private void assertRefused(ByteBuffer records, Errors error) {
        assertThat(validator.check(records, RecordRules.DEFAULTS, NOW))
                .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    private static ByteBuffer signed(ByteBuffer batch) {
        return batch.putInt(BatchHeader.CRC_AT, BatchHeader.computeCrc(batch, 0, new CRC32C()));
    }

    private static ByteBuffer batch(Compression compression, SimpleRecord... records) {
        return copy(MemoryRecords.withRecords(compression, records).buffer());
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining())
                .put(bytes.duplicate())
                .flip();
    }

    private static SimpleRecord record(long timestamp, String key, String value) {
        return new SimpleRecord(timestamp, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
