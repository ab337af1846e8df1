package io.millrace.log.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Checks the records of a produce request before they are appended.
 *
 * <p>Looks at headers and CRCs only; the records themselves are walked, and decompressed for it, only where
 * {@link RecordRules#keysRequired()} demands it. Allocates nothing for a payload that is accepted, compacted topics
 * apart.
 *
 * <p>Owned by one loop: holds scratch state, no results.
 */
public final class RecordsValidator {

    private static final int CODECS = 5;

    private final CRC32C crc = new CRC32C();

    /**
     * Checks every batch between position and limit of {@code records}, and changes nothing.
     *
     * @return null if all of them may be appended, otherwise the first flaw
     */
    public @Nullable Refusal check(ByteBuffer records, RecordRules rules, long nowMillis) {
        if (!records.hasRemaining()) {
            return new Refusal(Errors.INVALID_RECORD, "no record batch in the payload");
        }
        int first = records.position();
        int at = first;
        while (at < records.limit()) {
            Refusal refusal = checkBatch(records, at, rules, nowMillis);
            if (refusal != null) {
                return refusal;
            }
            if (at > first && (isIdempotent(records, first) || isIdempotent(records, at))) {
                return invalid("an idempotent producer sends one batch for each partition, the payload has several");
            }
            at += BatchHeader.sizeInBytes(records, at);
        }
        return null;
    }

    private static boolean isIdempotent(ByteBuffer records, int at) {
        return BatchHeader.producerId(records, at) >= 0;
    }

    private @Nullable Refusal checkBatch(ByteBuffer records, int at, RecordRules rules, long nowMillis) {
        Refusal refusal = checkFrame(records, at, rules.batchBytesMax());
        if (refusal == null) {
            refusal = checkContent(records, at);
        }
        if (refusal == null) {
            refusal = checkKind(records, at);
        }
        if (refusal == null && rules.timestampType() == TimestampType.CREATE_TIME) {
            refusal = checkTimestamps(records, at, rules, nowMillis);
        }
        if (refusal == null && rules.keysRequired()) {
            refusal = checkKeys(records, at);
        }
        return refusal;
    }

    private static @Nullable Refusal checkFrame(ByteBuffer records, int at, int batchBytesMax) {
        int left = records.limit() - at;
        if (left < BatchHeader.BYTES) {
            return corrupt("%d bytes left at %d, a batch header has %d".formatted(left, at, BatchHeader.BYTES));
        }
        byte magic = BatchHeader.magic(records, at);
        if (magic != BatchHeader.MAGIC) {
            return new Refusal(
                    Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                    "record batch has magic %d; only 2 is stored, use a client of Kafka 0.11 or later"
                            .formatted(magic));
        }
        int size = BatchHeader.sizeInBytes(records, at);
        if (size < BatchHeader.BYTES || size > left) {
            return corrupt("record batch declares %d bytes, %d are there".formatted(size, left));
        }
        if (size > batchBytesMax) {
            return new Refusal(
                    Errors.MESSAGE_TOO_LARGE,
                    "record batch of %d bytes exceeds max.message.bytes %d".formatted(size, batchBytesMax));
        }
        return null;
    }

    private @Nullable Refusal checkContent(ByteBuffer records, int at) {
        int computed = BatchHeader.computeCrc(records, at, crc);
        if (computed != BatchHeader.crc(records, at)) {
            return corrupt("record batch has CRC %08x in its header, its bytes have %08x"
                    .formatted(BatchHeader.crc(records, at), computed));
        }
        int count = BatchHeader.recordCount(records, at);
        int lastOffsetDelta = BatchHeader.lastOffsetDelta(records, at);
        if (count <= 0 || lastOffsetDelta != count - 1) {
            return invalid(
                    "record batch declares %d records and last offset delta %d".formatted(count, lastOffsetDelta));
        }
        int codec = BatchHeader.codec(records, at);
        if (codec >= CODECS) {
            return new Refusal(Errors.UNSUPPORTED_COMPRESSION_TYPE, "record batch has unknown codec number " + codec);
        }
        return null;
    }

    private static @Nullable Refusal checkKind(ByteBuffer records, int at) {
        if (BatchHeader.isControl(records, at)) {
            return invalid("record batch has the control bit, which only a broker may set");
        }
        if (BatchHeader.isTransactional(records, at) && !isIdempotent(records, at)) {
            return invalid("record batch is transactional, and names no producer");
        }
        if (BatchHeader.isLogAppendTime(records, at)) {
            return new Refusal(
                    Errors.INVALID_TIMESTAMP, "record batch has timestamp type LogAppendTime, which a broker sets");
        }
        if (isIdempotent(records, at)
                && (BatchHeader.producerEpoch(records, at) < 0 || BatchHeader.baseSequence(records, at) < 0)) {
            return invalid("record batch of producer %d has epoch %d and sequence %d, neither may be negative"
                    .formatted(
                            BatchHeader.producerId(records, at),
                            BatchHeader.producerEpoch(records, at),
                            BatchHeader.baseSequence(records, at)));
        }
        return null;
    }

    /** Judges the largest timestamp of the batch for both limits: the others are not known without a walk. */
    private static @Nullable Refusal checkTimestamps(ByteBuffer records, int at, RecordRules rules, long nowMillis) {
        long timestamp = BatchHeader.maxTimestamp(records, at);
        if (timestamp < 0) {
            return null;
        }
        if (timestamp - nowMillis > rules.timestampAfterMaxMillis()
                || nowMillis - timestamp > rules.timestampBeforeMaxMillis()) {
            return new Refusal(
                    Errors.INVALID_TIMESTAMP,
                    "record timestamp %d is outside of %d ms before and %d ms after the broker's time %d"
                            .formatted(
                                    timestamp,
                                    rules.timestampBeforeMaxMillis(),
                                    rules.timestampAfterMaxMillis(),
                                    nowMillis));
        }
        return null;
    }

    private static @Nullable Refusal checkKeys(ByteBuffer records, int at) {
        ByteBuffer batch = records.slice(at, BatchHeader.sizeInBytes(records, at));
        try {
            Record keyless = RecordWalk.first(batch, item -> !item.hasKey());
            return keyless == null
                    ? null
                    : invalid("record %d of its batch has no key, and the topic is compacted"
                            .formatted(keyless.offset() - BatchHeader.baseOffset(records, at)));
        } catch (InvalidRecordException e) {
            return invalid("the topic is compacted, and keys cannot be read: " + e.getMessage());
        }
    }

    private static Refusal corrupt(String message) {
        return new Refusal(Errors.CORRUPT_MESSAGE, message);
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_RECORD, message);
    }
}
