package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far compaction came. File {@value #FILE}, replaced as a whole; a log that was never cleaned has none.
 *
 * <pre>
 *  version 0
 *  cleaned 100                 (no two records below it have the same key)
 *  gaps 200                    (below it batches may be missing)
 *  replaced 0 200              (segments of these offsets may stand beside the one put in their place; -1 -1: none)
 *  crc 1a2b3c4d                (CRC-32C of the lines above)
 * </pre>
 */
record CleanerCheckpoint(long cleanedBelow, long gapsBelow, long replacedFrom, long replacedBelow) {

    static final String FILE = "cleaner-checkpoint";
    static final CleanerCheckpoint NEVER_CLEANED = new CleanerCheckpoint(0, 0, -1, -1);

    private static final String CRC = "crc ";

    static CleanerCheckpoint read(LogDirectory directory) {
        String path = directory.file(FILE);
        ByteBuffer content = directory.readWhole(path);
        if (content == null) {
            return NEVER_CLEANED;
        }
        CleanerCheckpoint found = parse(StandardCharsets.UTF_8.decode(content).toString());
        if (found == null) {
            throw LogDirectory.damaged(path, 0, "its content is not as it was written");
        }
        return found;
    }

    private static @Nullable CleanerCheckpoint parse(String text) {
        int crcAt = text.indexOf(CRC);
        if (crcAt < 0 || !text.equals(withCrc(text.substring(0, crcAt)))) {
            return null;
        }
        String[] words = text.split("\\s", -1);
        return new CleanerCheckpoint(
                Long.parseLong(words[3]), Long.parseLong(words[5]), Long.parseLong(words[7]), Long.parseLong(words[8]));
    }

    /** A group of segments is about to be replaced by one. */
    CleanerCheckpoint replacing(long from, long below) {
        return new CleanerCheckpoint(cleanedBelow, Math.max(gapsBelow, below), from, below);
    }

    /** A pass is done. */
    CleanerCheckpoint cleaned(long below) {
        return new CleanerCheckpoint(below, Math.max(gapsBelow, below), -1, -1);
    }

    /** Survives a power cut only after a sync of the directory. */
    void write(LogDirectory directory) {
        String body = String.format(
                Locale.ROOT,
                "version 0\ncleaned %d\ngaps %d\nreplaced %d %d\n",
                cleanedBelow,
                gapsBelow,
                replacedFrom,
                replacedBelow);
        directory.replace(directory.file(FILE), withCrc(body));
    }

    private static String withCrc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return body + String.format(Locale.ROOT, "%s%08x\n", CRC, crc.getValue());
    }
}
