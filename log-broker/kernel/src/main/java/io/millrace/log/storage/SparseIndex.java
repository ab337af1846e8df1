package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Ascending entries of fixed size: in memory while the segment grows, then on file, in the same bytes.
 *
 * <p>What the file says is checked against the batches it points to. An index that is missing or wrong is built anew
 * from the segment.
 */
abstract class SparseIndex {

    private static final int ENTRIES_INITIAL = 64;

    private final LogDirectory directory;
    private final String path;
    private final int entryBytes;
    private final ByteBuffer scratch;
    /** The entries, or null if they are on file. */
    private @Nullable ByteBuffer memory;

    private @Nullable DiskFile file;
    private int count;

    /** An index whose entries are on file, if there is one, until {@link #clear()} or {@link #resume}. */
    SparseIndex(LogDirectory directory, String path, int entryBytes) {
        this.directory = directory;
        this.path = path;
        this.entryBytes = entryBytes;
        this.scratch = ByteBuffer.allocate(entryBytes);
        this.count = -1;
    }

    /** Begins anew, in memory. */
    final void clear() {
        memory = ByteBuffer.allocate(ENTRIES_INITIAL * entryBytes);
        count = 0;
    }

    final int count() {
        if (count < 0) {
            count = countOnFile();
        }
        return count;
    }

    private int countOnFile() {
        if (!directory.disk().exists(path)) {
            return 0;
        }
        return (int) (file().size() / entryBytes);
    }

    /** The buffer to which the next entry is written, at its position. The index must be in memory. */
    final ByteBuffer next() {
        ByteBuffer entries = memory;
        if (entries == null) {
            throw new IllegalStateException("the index " + path + " is complete");
        }
        if (entries.remaining() < entryBytes) {
            entries = ByteBuffer.allocate(2 * entries.capacity()).put(entries.flip());
            memory = entries;
        }
        count++;
        return entries;
    }

    final long longAt(int entry, int field) {
        return bytesOf(entry).getLong(offsetOf(entry) + field);
    }

    final int intAt(int entry, int field) {
        return bytesOf(entry).getInt(offsetOf(entry) + field);
    }

    private int offsetOf(int entry) {
        return memory == null ? 0 : entry * entryBytes;
    }

    private ByteBuffer bytesOf(int entry) {
        ByteBuffer entries = memory;
        if (entries != null) {
            return entries;
        }
        scratch.clear();
        file().read(scratch, (long) entry * entryBytes);
        return scratch;
    }

    /** The last entry whose key is at most {@code key}, or -1. */
    final int floor(long key, IntToLongFunction keyOf) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (keyOf.applyAsLong(middle) <= key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Takes the first entries of the file into memory, so that more can be added. */
    final void resume(int entries) {
        ByteBuffer loaded = ByteBuffer.allocate(Math.max(ENTRIES_INITIAL, 2 * entries) * entryBytes);
        if (entries > 0) {
            file().read(loaded.limit(entries * entryBytes), 0);
            loaded.limit(loaded.capacity()).position(entries * entryBytes);
        }
        closeFile();
        memory = loaded;
        count = entries;
    }

    /** Writes all entries to the file. They stay in memory until {@link #seal()}. */
    final void write() {
        ByteBuffer entries = memory;
        if (entries == null) {
            return;
        }
        file().truncate(0);
        file().append(entries.duplicate().flip());
    }

    /** From now on the entries are read from the file, which was written. */
    final void seal() {
        memory = null;
    }

    final DiskFile file() {
        DiskFile opened = file;
        if (opened == null) {
            opened = directory.disk().open(path);
            file = opened;
        }
        return opened;
    }

    final boolean isOpen() {
        return file != null;
    }

    final void delete() {
        closeFile();
        directory.disk().delete(path);
    }

    final void closeFile() {
        DiskFile opened = file;
        if (opened != null) {
            opened.close();
            file = null;
        }
    }
}
