package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the batches of a file, one at a time, through a window of memory. Several headers that lie in one window
 * cost one read.
 */
final class BatchCursor {

    private final ByteBuffer window;
    private final DiskFile file;
    private final int end;
    private int windowStart;
    private int windowBytes;
    private int position;

    /**
     * @param window scratch, larger than a batch header
     * @param end where the stored batches of {@code file} end
     */
    BatchCursor(ByteBuffer window, DiskFile file, int end) {
        this.window = window;
        this.file = file;
        this.end = end;
    }

    /** Moves to the batch at a position below the end. */
    void moveTo(int target) {
        String flaw = tryMoveTo(target);
        if (flaw != null) {
            throw LogDirectory.damaged(file.path(), target, flaw);
        }
    }

    /** Moves to the batch at a position below the end; returns what is wrong if no batch can stand there. */
    @Nullable
    String tryMoveTo(int target) {
        position = target;
        int left = end - target;
        if (left < BatchHeader.BYTES) {
            return "%d bytes are no batch header".formatted(left);
        }
        show(target, BatchHeader.BYTES);
        if (magic() != BatchHeader.MAGIC) {
            return "magic %d is not that of a batch".formatted(magic());
        }
        int size = size();
        if (size < BatchHeader.BYTES || size > left) {
            return "a batch of %d bytes cannot stand in the %d bytes left".formatted(size, left);
        }
        if (BatchHeader.lastOffsetDelta(window, at()) < 0) {
            return "last offset delta %d".formatted(BatchHeader.lastOffsetDelta(window, at()));
        }
        return null;
    }

    /** What is wrong with the bytes of this batch, null if they are as they were written. */
    @Nullable
    String contentFlaw(CRC32C crc) {
        int computed = computeCrc(crc);
        int stored = BatchHeader.crc(window, at());
        return computed == stored ? null : "CRC is %08x, must be %08x".formatted(computed, stored);
    }

    private int computeCrc(CRC32C crc) {
        int size = size();
        if (size <= window.capacity()) {
            show(position, size);
            return BatchHeader.computeCrc(window, at(), crc);
        }
        crc.reset();
        int batchEnd = position + size;
        int next = position + BatchHeader.ATTRIBUTES_AT;
        while (next < batchEnd) {
            int length = Math.min(batchEnd - next, window.capacity());
            show(next, length);
            window.limit(next - windowStart + length).position(next - windowStart);
            crc.update(window);
            window.clear();
            next += length;
        }
        show(position, BatchHeader.BYTES);
        return (int) crc.getValue();
    }

    /** Makes a range of the file visible in the window. */
    private void show(int from, int length) {
        if (from >= windowStart && from + length <= windowStart + windowBytes) {
            return;
        }
        window.clear();
        windowBytes = file.read(window, from);
        windowStart = from;
        window.clear();
        if (windowBytes < length) {
            windowBytes = 0;
            throw LogDirectory.damaged(file.path(), from, "the file ends here, and was longer");
        }
    }

    /** To be called when something else has used the window meanwhile. */
    void forget() {
        windowBytes = 0;
    }

    private byte magic() {
        return BatchHeader.magic(window, at());
    }

    /** The buffer in which this batch's header stands, at {@link #at()}. */
    ByteBuffer buffer() {
        return window;
    }

    int at() {
        return position - windowStart;
    }

    int position() {
        return position;
    }

    int size() {
        return BatchHeader.sizeInBytes(window, at());
    }

    int nextPosition() {
        return position + size();
    }

    long baseOffset() {
        return BatchHeader.baseOffset(window, at());
    }

    long lastOffset() {
        return BatchHeader.lastOffset(window, at());
    }

    long maxTimestamp() {
        return BatchHeader.newestTimestamp(window, at());
    }

    /** A copy of the whole batch. */
    ByteBuffer copy() {
        ByteBuffer batch = ByteBuffer.allocate(size());
        file.read(batch, position);
        return batch.flip();
    }
}
