package io.millrace.log.storage;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one log: its file names, and small files as a whole.
 *
 * <p>Files named after an offset have it in twenty digits, so that sorted names are sorted offsets.
 */
final class LogDirectory {

    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String TRANSACTION_INDEX = ".txnindex";
    static final String SNAPSHOT = ".snapshot";

    private static final String TEMPORARY = ".tmp";
    private static final int OFFSET_DIGITS = 20;
    /** Covers the headers between two index entries at the default distance in one read. */
    private static final int WINDOW_BYTES = 4096;

    private final Disk disk;
    private final String path;
    private @Nullable ByteBuffer window;

    LogDirectory(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    Disk disk() {
        return disk;
    }

    /** Scratch for reads of headers, shared by all segments of the log. */
    ByteBuffer window() {
        ByteBuffer buffer = window;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(WINDOW_BYTES);
            window = buffer;
        }
        return buffer;
    }

    String file(String name) {
        return path + "/" + name;
    }

    String file(long offset, String suffix) {
        return file(String.format(Locale.ROOT, "%0" + OFFSET_DIGITS + "d%s", offset, suffix));
    }

    List<String> list() {
        return disk.list(path);
    }

    /** The offsets after which files with this suffix are named, ascending. */
    List<Long> offsetsOf(String suffix) {
        List<Long> offsets = new ArrayList<>();
        for (String name : list()) {
            String digits = name.substring(0, Math.max(0, name.length() - suffix.length()));
            if (name.endsWith(suffix)
                    && digits.length() == OFFSET_DIGITS
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                offsets.add(Long.parseLong(digits));
            }
        }
        return offsets;
    }

    void create() {
        disk.createDirectories(path);
        int slash = path.lastIndexOf('/');
        disk.syncDirectory(slash < 0 ? "" : path.substring(0, slash));
    }

    void sync() {
        disk.syncDirectory(path);
    }

    /** The whole of a small file, or null if there is none. */
    @Nullable
    ByteBuffer readWhole(String file) {
        if (!disk.exists(file)) {
            return null;
        }
        try (DiskFile opened = disk.open(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(opened.size()));
            opened.read(bytes, 0);
            return bytes.flip();
        }
    }

    /** Puts a new file in place of what stood there. Durable in content, in name after {@link #sync()}. */
    void replace(String file, ByteBuffer content) {
        String temporary = temporary(file);
        disk.delete(temporary);
        try (DiskFile opened = disk.open(temporary)) {
            opened.append(content);
            opened.sync();
        }
        disk.rename(temporary, file);
    }

    void replace(String file, String content) {
        replace(file, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where what is to replace a file is made; the next recovery deletes it. */
    static String temporary(String file) {
        return file + TEMPORARY;
    }

    /** Removes what an interrupted {@link #replace} or compaction left behind. */
    void deleteTemporaries() {
        for (String name : list()) {
            if (name.endsWith(TEMPORARY)) {
                disk.delete(file(name));
            }
        }
    }

    /** Stored bytes are not what was stored: the partition cannot go on. */
    static DiskFailure damaged(String file, long position, String reason) {
        return damaged(file, position, reason, "Restore the file from a copy, or delete the topic");
    }

    /** @param advice what the operator can do */
    static DiskFailure damaged(String file, long position, String reason, String advice) {
        String message = "%s is damaged at position %d: %s. %s".formatted(file, position, reason, advice);
        return new DiskFailure(DiskFailure.Kind.BROKEN, message, new IOException(reason));
    }
}
