package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The transactions whose abort markers stand in one segment, in the order of their markers. A segment without one has
 * no file. In Kafka's format:
 *
 * <pre>
 *  +------------------+--------------------+
 *  | Version (2): 0   | Producer id (8)    |
 *  | First offset (8) | Last offset (8)    |     the last offset is that of the marker
 *  | Last stable offset (8)                |
 *  +---------------------------------------+
 * </pre>
 *
 * <p>Kept in memory while the segment grows. The file is not synced: a {@link Summary} of it stands in the log's
 * checkpoint, and tells whether the file is what was written. If it is not, the entries are found anew by a walk over
 * the segment.
 */
final class TransactionIndex {

    private static final short VERSION = 0;
    private static final int PRODUCER_ID_AT = Short.BYTES;
    private static final int FIRST_OFFSET_AT = PRODUCER_ID_AT + Long.BYTES;
    private static final int LAST_OFFSET_AT = FIRST_OFFSET_AT + Long.BYTES;
    private static final int LAST_STABLE_OFFSET_AT = LAST_OFFSET_AT + Long.BYTES;
    private static final int ENTRY_BYTES = LAST_STABLE_OFFSET_AT + Long.BYTES;

    /**
     * What an index should be.
     *
     * @param count number of entries, or -1 if that is not known
     * @param crc CRC-32C of the file
     */
    record Summary(int count, int crc) {

        static final Summary EMPTY = new Summary(0, 0);
        /** No file is to be believed. */
        static final Summary UNKNOWN = new Summary(-1, 0);

        boolean isEmpty() {
            return count == 0;
        }

        private static Summary of(ByteBuffer content) {
            CRC32C crc = new CRC32C();
            crc.update(content.duplicate());
            return new Summary(content.remaining() / ENTRY_BYTES, (int) crc.getValue());
        }
    }

    private final LogDirectory directory;
    private final String path;
    /** Null if they are on file, and were not read yet. */
    private @Nullable List<AbortedTransaction> entries;
    /** Of the file. */
    private Summary summary = Summary.EMPTY;

    /** An index without entries, until it is told of a file by {@link #expect} or of entries by {@link #add}. */
    TransactionIndex(LogDirectory directory, long baseOffset) {
        this.directory = directory;
        this.path = directory.file(baseOffset, LogDirectory.TRANSACTION_INDEX);
        this.entries = new ArrayList<>();
    }

    /** The entries are on file, if this is not {@link Summary#EMPTY}. */
    void expect(Summary expected) {
        summary = expected;
        entries = expected.isEmpty() ? new ArrayList<>() : null;
    }

    boolean mayHaveEntries() {
        List<AbortedTransaction> known = entries;
        return known == null || !known.isEmpty();
    }

    /** The entries; null if the file is not what it should be. */
    @Nullable
    List<AbortedTransaction> entries() {
        if (entries == null) {
            entries = read(summary, true);
        }
        return entries == null ? null : Collections.unmodifiableList(entries);
    }

    /**
     * Takes the first entries of the file into memory, so that more can be added; false if they are not as expected.
     */
    boolean resume(Summary expected) {
        List<AbortedTransaction> found = expected.isEmpty() ? new ArrayList<>() : read(expected, false);
        entries = found == null ? new ArrayList<>() : found;
        return found != null;
    }

    private @Nullable List<AbortedTransaction> read(Summary expected, boolean whole) {
        ByteBuffer content = directory.readWhole(path);
        int bytes = expected.count() * ENTRY_BYTES;
        boolean mayFit = content != null && bytes >= 0 && content.remaining() >= bytes;
        if (content == null || !mayFit || (whole && content.remaining() != bytes)) {
            return null;
        }
        content.limit(bytes);
        return Summary.of(content).equals(expected) ? decode(content) : null;
    }

    /** Adds an entry to an index in memory. */
    void add(AbortedTransaction aborted) {
        List<AbortedTransaction> known = entries;
        if (known == null) {
            throw new IllegalStateException("the index " + path + " is complete");
        }
        known.add(aborted);
    }

    /** The segment is about to change: whatever file there is, is not to be believed. */
    void distrust() {
        summary = Summary.UNKNOWN;
    }

    /** What the file should be. */
    Summary summary() {
        return summary;
    }

    /** What a file should be that speaks of the markers below {@code offset}, of an index in memory. */
    Summary summaryBelow(long offset) {
        List<AbortedTransaction> known = entries == null ? List.of() : entries;
        return Summary.of(encode(
                known.stream().filter(entry -> entry.lastOffset() < offset).toList()));
    }

    /** Puts the entries on file, if they are in memory. */
    void write() {
        List<AbortedTransaction> known = entries;
        if (known == null) {
            return;
        }
        ByteBuffer content = encode(known);
        summary = Summary.of(content);
        if (known.isEmpty()) {
            delete();
            return;
        }
        try (DiskFile file = directory.disk().open(path)) {
            file.truncate(0);
            file.append(content);
        }
    }

    /** Entries that were found anew, since the file was wrong. */
    void replace(List<AbortedTransaction> found) {
        entries = new ArrayList<>(found);
    }

    /** Forgets entries that are on file. The segment is sealed. */
    void unload() {
        if (!summary.isEmpty()) {
            entries = null;
        }
    }

    void delete() {
        if (directory.disk().exists(path)) {
            directory.disk().delete(path);
        }
    }

    private static ByteBuffer encode(List<AbortedTransaction> entries) {
        ByteBuffer content = ByteBuffer.allocate(entries.size() * ENTRY_BYTES);
        for (AbortedTransaction entry : entries) {
            content.putShort(VERSION)
                    .putLong(entry.producerId())
                    .putLong(entry.firstOffset())
                    .putLong(entry.lastOffset())
                    .putLong(entry.lastStableOffset());
        }
        return content.flip();
    }

    private static List<AbortedTransaction> decode(ByteBuffer content) {
        List<AbortedTransaction> entries = new ArrayList<>();
        for (int at = 0; at < content.limit(); at += ENTRY_BYTES) {
            entries.add(new AbortedTransaction(
                    content.getLong(at + PRODUCER_ID_AT),
                    content.getLong(at + FIRST_OFFSET_AT),
                    content.getLong(at + LAST_OFFSET_AT),
                    content.getLong(at + LAST_STABLE_OFFSET_AT)));
        }
        return entries;
    }
}
