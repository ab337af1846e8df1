package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of what was durable, for the next recovery: without it, a flaw near the end of a log could be a write that a
 * power cut lost, to be cut off, or damage to records that were acknowledged, to be reported.
 *
 * <p>File {@value #FILE}: after every sync of the log one entry is appended, and not synced. So after a crash of the
 * process it says all, and after a power cut at least what an earlier sync wrote back.
 *
 * <pre>
 *  +---------------------------------------+----------------------+
 *  | Every record below it is durable (8)  | CRC-32C of that (4)  |
 *  +---------------------------------------+----------------------+
 * </pre>
 */
final class DurableMark {

    static final String FILE = "durable-offsets";

    private static final int OFFSET_AT = 0;
    private static final int CRC_AT = OFFSET_AT + Long.BYTES;
    private static final int ENTRY_BYTES = CRC_AT + Integer.BYTES;
    private static final int FILE_BYTES_MAX = 4096 * ENTRY_BYTES;

    private final LogDirectory directory;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer entry = ByteBuffer.allocateDirect(ENTRY_BYTES);
    private @Nullable DiskFile file;

    DurableMark(LogDirectory directory) {
        this.directory = directory;
    }

    /** The largest offset on record, or -1. */
    long read() {
        ByteBuffer content = directory.readWhole(directory.file(FILE));
        long largest = -1;
        if (content != null) {
            for (int at = 0; at + ENTRY_BYTES <= content.limit(); at += ENTRY_BYTES) {
                long offset = content.getLong(at + OFFSET_AT);
                if (content.getInt(at + CRC_AT) == crcOf(content, at)) {
                    largest = Math.max(largest, offset);
                }
            }
        }
        return largest;
    }

    /** Appends an entry, or drops the file if the disk is full: it is evidence, nothing depends on it. */
    void record(long offset) {
        DiskFile opened = file();
        entry.clear();
        entry.putLong(OFFSET_AT, offset);
        entry.putInt(CRC_AT, crcOf(entry, 0));
        try {
            if (opened.size() >= FILE_BYTES_MAX || opened.size() % ENTRY_BYTES != 0) {
                opened.truncate(0);
            }
            opened.append(entry);
        } catch (DiskFailure e) {
            if (e.kind() != DiskFailure.Kind.FULL) {
                throw e;
            }
            opened.truncate(0);
        }
    }

    private DiskFile file() {
        DiskFile opened = file;
        if (opened == null) {
            opened = directory.disk().open(directory.file(FILE));
            file = opened;
        }
        return opened;
    }

    private int crcOf(ByteBuffer buffer, int at) {
        crc.reset();
        for (int i = 0; i < CRC_AT; i++) {
            crc.update(buffer.get(at + i));
        }
        return (int) crc.getValue();
    }

    void close() {
        DiskFile opened = file;
        if (opened != null) {
            opened.close();
            file = null;
        }
    }
}
