package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *  | Coordinator epoch (4)     | Transaction start (8)      |
 *  +---------------------------+----------------------------+
 * </pre>
 *
 * <p>A number that is not known is -1. Kafka writes one entry for each producer, the newest batch. Here all remembered
 * batches are written, oldest first, so that a producer may repeat any of them after a restart; Kafka, reading it,
 * keeps the last of each. A producer without a batch has one entry, whose last sequence and offset are not known.
 *
 * <p>A snapshot is synced when it is that of a recovery point. What a power cut leaves of another is told by its CRC.
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
    /** Of snapshots that were written or looked at. */
    private final Map<Long, Integer> crcs = new LinkedHashMap<>();

    private final Set<Long> unsynced = new LinkedHashSet<>();

    ProducerSnapshots(LogDirectory directory) {
        this.directory = directory;
    }

    /** Writes the producers as of {@code offset}. */
    void write(long offset, ProducerTable producers) {
        ByteBuffer content = encode(producers.entries());
        int crc = content.getInt(CRC_AT);
        try (DiskFile file = directory.disk().open(directory.file(offset, LogDirectory.SNAPSHOT))) {
            file.truncate(0);
            file.append(content);
        }
        crcs.put(offset, crc);
        unsynced.add(offset);
    }

    /** Makes the content of a snapshot that was written durable; in name after a sync of the directory. */
    void sync(long offset) {
        if (unsynced.remove(offset)) {
            try (DiskFile file = directory.disk().open(directory.file(offset, LogDirectory.SNAPSHOT))) {
                file.sync();
            }
        }
    }

    /** The CRC in the snapshot at {@code offset}, or {@link LogCheckpoint#UNKNOWN_CRC} if there is none. */
    long crcAt(long offset) {
        Integer known = crcs.get(offset);
        if (known == null) {
            ByteBuffer content = directory.readWhole(directory.file(offset, LogDirectory.SNAPSHOT));
            if (content == null || !isWhole(content)) {
                return LogCheckpoint.UNKNOWN_CRC;
            }
            known = content.getInt(CRC_AT);
            crcs.put(offset, known);
        }
        return Integer.toUnsignedLong(known);
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
        crcs.remove(offset);
        unsynced.remove(offset);
        directory.disk().delete(directory.file(offset, LogDirectory.SNAPSHOT));
    }

    private static ByteBuffer encode(Collection<ProducerEntry> entries) {
        int stored =
                entries.stream().mapToInt(entry -> Math.max(1, entry.count())).sum();
        ByteBuffer content = ByteBuffer.allocate(HEADER_BYTES + stored * ENTRY_BYTES);
        content.putShort(VERSION).putInt(0).putInt(stored);
        for (ProducerEntry entry : entries) {
            if (entry.count() == 0) {
                encode(content, entry, StoredBatch.NONE, entry.lastAppendMillis());
            }
            for (int age = entry.count() - 1; age >= 0; age--) {
                int slot = entry.slot(age);
                // The producer is as young as its last marker: that is what Kafka goes by.
                long millis = age == 0 ? entry.lastAppendMillis() : entry.appendMillis(slot);
                encode(content, entry, StoredBatch.of(entry, slot), millis);
            }
        }
        content.flip();
        return content.putInt(CRC_AT, crcOf(content));
    }

    private record StoredBatch(int lastSequence, long lastOffset, int lastOffsetDelta) {

        private static final StoredBatch NONE = new StoredBatch(-1, -1, 0);

        static StoredBatch of(ProducerEntry entry, int slot) {
            return new StoredBatch(entry.lastSequence(slot), entry.lastOffset(slot), entry.lastOffsetDelta(slot));
        }
    }

    private static void encode(ByteBuffer content, ProducerEntry entry, StoredBatch batch, long millis) {
        content.putLong(entry.producerId())
                .putShort(entry.epoch())
                .putInt(batch.lastSequence())
                .putLong(batch.lastOffset())
                .putInt(batch.lastOffsetDelta())
                .putLong(millis)
                .putInt(entry.coordinatorEpoch())
                .putLong(entry.transactionStart());
    }

    private static void decodeEntry(ByteBuffer content, ProducerTable producers) {
        long producerId = content.getLong();
        short epoch = content.getShort();
        int lastSequence = content.getInt();
        long lastOffset = content.getLong();
        int lastOffsetDelta = content.getInt();
        long millis = content.getLong();
        ProducerEntry entry = producers.entryOf(producerId, epoch);
        if (lastOffset >= 0) {
            int baseSequence = ProducerEntry.sequenceBefore(lastSequence, lastOffsetDelta);
            entry.add(epoch, baseSequence, lastOffsetDelta, lastOffset, millis);
        }
        producers.restore(entry, content.getInt(), content.getLong(), millis);
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
