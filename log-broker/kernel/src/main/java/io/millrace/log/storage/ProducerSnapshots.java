package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The producers of a log as of an offset, on file. In Kafka's format (its {@code ProducerStateManager}, version 1):
 *
 * <pre>
 *  +-------------+--------------+---------------+
 *  | Version (2) | CRC-32C (4)  | Entries (4)   |      CRC of all that follows it
 *  +-------------+--------------+---------------+
 *  and for each entry:
 *  +---------------------------+----------------------------+
 *  | Producer id (8)           | Producer epoch (2)         |
 *  | Last sequence (4)         | Last offset (8)            |
 *  | Last offset delta (4)     | Time of append, ms (8)     |
 *  | Coordinator epoch (4): -1 | Transaction start (8): -1  |
 *  +---------------------------+----------------------------+
 * </pre>
 *
 * <p>Kafka writes one entry for each producer, the newest batch. Here all remembered batches are written, oldest first,
 * so that a producer may repeat any of them after a restart; Kafka, reading it, keeps the last of each.
 *
 * <p>The file is not synced: what a power cut leaves of it is told by its CRC.
 */
final class ProducerSnapshots {

    private static final short VERSION = 1;
    private static final int CRC_AT = Short.BYTES;
    private static final int COUNT_AT = CRC_AT + Integer.BYTES;
    private static final int HEADER_BYTES = COUNT_AT + Integer.BYTES;
    private static final int ENTRY_BYTES = Long.BYTES
            + Short.BYTES
            + Integer.BYTES
            + Long.BYTES
            + Integer.BYTES
            + Long.BYTES
            + Integer.BYTES
            + Long.BYTES;

    private final LogDirectory directory;

    ProducerSnapshots(LogDirectory directory) {
        this.directory = directory;
    }

    /** Writes the producers as of {@code offset}. */
    void write(long offset, ProducerTable producers) {
        ByteBuffer content = encode(producers.entries());
        try (DiskFile file = directory.disk().open(directory.file(offset, LogDirectory.SNAPSHOT))) {
            file.truncate(0);
            file.append(content);
        }
    }

    /**
     * Reads the producers as of {@code offset} into an empty table.
     *
     * @return false if the file is missing or damaged; the table is then empty
     */
    boolean read(long offset, ProducerTable producers) {
        ByteBuffer content = directory.readWhole(directory.file(offset, LogDirectory.SNAPSHOT));
        if (content == null || !isWhole(content)) {
            return false;
        }
        content.position(HEADER_BYTES);
        while (content.hasRemaining()) {
            decodeEntry(content, producers);
        }
        return true;
    }

    /** The offsets of which there is a snapshot, ascending. */
    List<Long> list() {
        return directory.offsetsOf(LogDirectory.SNAPSHOT);
    }

    void delete(long offset) {
        directory.disk().delete(directory.file(offset, LogDirectory.SNAPSHOT));
    }

    private static ByteBuffer encode(Collection<ProducerEntry> entries) {
        int batches = entries.stream().mapToInt(ProducerEntry::count).sum();
        ByteBuffer content = ByteBuffer.allocate(HEADER_BYTES + batches * ENTRY_BYTES);
        content.putShort(VERSION).putInt(0).putInt(batches);
        for (ProducerEntry entry : entries) {
            for (int age = entry.count() - 1; age >= 0; age--) {
                encodeBatch(content, entry, entry.slot(age));
            }
        }
        content.flip();
        return content.putInt(CRC_AT, crcOf(content));
    }

    private static void encodeBatch(ByteBuffer content, ProducerEntry entry, int slot) {
        content.putLong(entry.producerId())
                .putShort(entry.epoch())
                .putInt(entry.lastSequence(slot))
                .putLong(entry.lastOffset(slot))
                .putInt(entry.lastOffsetDelta(slot))
                .putLong(entry.appendMillis(slot))
                .putInt(-1)
                .putLong(-1);
    }

    private static void decodeEntry(ByteBuffer content, ProducerTable producers) {
        long producerId = content.getLong();
        short epoch = content.getShort();
        int lastSequence = content.getInt();
        long lastOffset = content.getLong();
        int lastOffsetDelta = content.getInt();
        long appendMillis = content.getLong();
        content.getInt();
        content.getLong();
        int baseSequence = ProducerEntry.sequenceBefore(lastSequence, lastOffsetDelta);
        producers.entryOf(producerId, epoch).add(epoch, baseSequence, lastOffsetDelta, lastOffset, appendMillis);
    }

    private static boolean isWhole(ByteBuffer content) {
        return content.remaining() >= HEADER_BYTES
                && content.getShort(0) == VERSION
                && content.getInt(CRC_AT) == crcOf(content)
                && content.remaining() == HEADER_BYTES + (long) content.getInt(COUNT_AT) * ENTRY_BYTES;
    }

    private static int crcOf(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate().position(COUNT_AT));
        return (int) crc.getValue();
    }
}
