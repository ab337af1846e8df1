package io.millrace.log.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a v2 record batch, read and written in place.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                        Base offset (8)                        |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |          Length (4): of all that follows this field           |
 *  +---------------------------------------------------------------+
 *  |                 Partition leader epoch (4)                    |
 *  +---------------+-----------------------------------------------+
 *  |   Magic (1)   |     CRC-32C (4) of all that follows it ...
 *  +---------------+-----------------------------------------------+
 *                  |        Attributes (2)         |  Last offset delta (4) ...
 *  +---------------+-----------------------------------------------+
 *  |                       Base timestamp (8)                      |
 *  |                       Max timestamp (8)                       |
 *  |                       Producer id (8)                         |
 *  +---------------------------------------------------------------+
 *  |      Producer epoch (2)       |       Base sequence (4) ...
 *  +---------------------------------------------------------------+
 *  |                      Record count (4)                         |
 *  +---------------------------------------------------------------+
 *  |                  Records, compressed or not                  ...
 *
 *  Attributes: bits 0-2 codec, 3 timestamp type (1 = log append time), 4 transactional, 5 control,
 *  6 base timestamp is the delete horizon
 * </pre>
 *
 * <p>Everything is big endian. Base offset and leader epoch stand outside the CRC: a broker sets them without reading
 * the rest. All methods take a buffer in its initial byte order and the absolute position of the batch in it; none
 * moves the buffer's position, except where it says so. Source: Kafka protocol, "Record Batch", magic 2 (KIP-98).
 */
public final class BatchHeader {

    public static final int BASE_OFFSET_AT = 0;
    public static final int LENGTH_AT = BASE_OFFSET_AT + Long.BYTES;
    /** What is not counted by the length field: base offset and length itself. */
    public static final int PREFIX_BYTES = LENGTH_AT + Integer.BYTES;

    public static final int LEADER_EPOCH_AT = PREFIX_BYTES;
    public static final int MAGIC_AT = LEADER_EPOCH_AT + Integer.BYTES;
    public static final int CRC_AT = MAGIC_AT + Byte.BYTES;
    public static final int ATTRIBUTES_AT = CRC_AT + Integer.BYTES;
    public static final int LAST_OFFSET_DELTA_AT = ATTRIBUTES_AT + Short.BYTES;
    public static final int BASE_TIMESTAMP_AT = LAST_OFFSET_DELTA_AT + Integer.BYTES;
    public static final int MAX_TIMESTAMP_AT = BASE_TIMESTAMP_AT + Long.BYTES;
    public static final int PRODUCER_ID_AT = MAX_TIMESTAMP_AT + Long.BYTES;
    public static final int PRODUCER_EPOCH_AT = PRODUCER_ID_AT + Long.BYTES;
    public static final int BASE_SEQUENCE_AT = PRODUCER_EPOCH_AT + Short.BYTES;
    public static final int RECORD_COUNT_AT = BASE_SEQUENCE_AT + Integer.BYTES;
    /** Length of the header; the records follow. */
    public static final int BYTES = RECORD_COUNT_AT + Integer.BYTES;

    /** The smallest value the length field of a batch can have. */
    public static final int LENGTH_MIN = BYTES - PREFIX_BYTES;

    public static final byte MAGIC = 2;

    private static final int CODEC_MASK = 0x07;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private BatchHeader() {}

    /** Whether the bytes from {@code at} to the limit can begin with a batch header of this format. */
    public static boolean isPresent(ByteBuffer buffer, int at) {
        return buffer.limit() - at >= BYTES && magic(buffer, at) == MAGIC;
    }

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_OFFSET_AT);
    }

    public static void baseOffset(ByteBuffer buffer, int at, long offset) {
        buffer.putLong(at + BASE_OFFSET_AT, offset);
    }

    /** Size of the whole batch, header included; negative or small if the length field is nonsense. */
    public static int sizeInBytes(ByteBuffer buffer, int at) {
        return PREFIX_BYTES + buffer.getInt(at + LENGTH_AT);
    }

    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LEADER_EPOCH_AT);
    }

    public static void leaderEpoch(ByteBuffer buffer, int at, int epoch) {
        buffer.putInt(at + LEADER_EPOCH_AT, epoch);
    }

    public static byte magic(ByteBuffer buffer, int at) {
        return buffer.get(at + MAGIC_AT);
    }

    public static int crc(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CRC_AT);
    }

    /** Codec number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public static int codec(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & CODEC_MASK;
    }

    public static boolean isLogAppendTime(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & LOG_APPEND_TIME) != 0;
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TRANSACTIONAL) != 0;
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & CONTROL) != 0;
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA_AT);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_TIMESTAMP_AT);
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP_AT);
    }

    /** The max timestamp, or -1 if compaction has left no record in the batch. */
    public static long newestTimestamp(ByteBuffer buffer, int at) {
        return recordCount(buffer, at) == 0 ? -1 : maxTimestamp(buffer, at);
    }

    /** -1 if the producer is not idempotent. */
    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID_AT);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + PRODUCER_EPOCH_AT);
    }

    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BASE_SEQUENCE_AT);
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RECORD_COUNT_AT);
    }

    /**
     * Computes the CRC of the batch's bytes as they stand, without allocation.
     *
     * @param crc scratch, reset by this call
     */
    public static int computeCrc(ByteBuffer buffer, int at, CRC32C crc) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(at + sizeInBytes(buffer, at)).position(at + ATTRIBUTES_AT);
        crc.reset();
        crc.update(buffer);
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /**
     * Turns the batch into one of log append time: the records' own timestamps no longer count. Rewrites the CRC.
     *
     * @param crc scratch, reset by this call
     */
    public static void stampLogAppendTime(ByteBuffer buffer, int at, long nowMillis, CRC32C crc) {
        buffer.putShort(at + ATTRIBUTES_AT, (short) (attributes(buffer, at) | LOG_APPEND_TIME));
        buffer.putLong(at + MAX_TIMESTAMP_AT, nowMillis);
        buffer.putInt(at + CRC_AT, computeCrc(buffer, at, crc));
    }

    private static int attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + ATTRIBUTES_AT);
    }
}
