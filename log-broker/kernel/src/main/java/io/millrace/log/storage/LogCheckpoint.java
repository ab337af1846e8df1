package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a log remembers that its segments do not say. File {@value #FILE}, replaced as a whole:
 *
 * <pre>
 *  version 0
 *  log-start-offset 100
 *  recovery-point 4711 4000 65536 1700000000000     (offset, segment, position, max timestamp)
 *  crc 1a2b3c4d                                     (CRC-32C of the lines above)
 * </pre>
 */
record LogCheckpoint(long logStartOffset, RecoveryPoint recoveryPoint) {

    static final String FILE = "log-checkpoint";

    private static final String VERSION = "version 0\n";
    private static final String LOG_START = "log-start-offset ";
    private static final String RECOVERY_POINT = "recovery-point ";
    private static final String CRC = "crc ";

    /** Null if there is no such file. */
    static @Nullable LogCheckpoint read(LogDirectory directory) {
        String path = directory.file(FILE);
        ByteBuffer content = directory.readWhole(path);
        if (content == null) {
            return null;
        }
        LogCheckpoint checkpoint = parse(StandardCharsets.UTF_8.decode(content).toString());
        if (checkpoint == null) {
            throw LogDirectory.damaged(path, 0, "its content is not as it was written");
        }
        return checkpoint;
    }

    private static @Nullable LogCheckpoint parse(String text) {
        int crcAt = text.indexOf(CRC);
        if (!text.startsWith(VERSION) || crcAt < 0 || !text.equals(withCrc(text.substring(0, crcAt)))) {
            return null;
        }
        String[] lines = text.split("\n", -1);
        String[] point = lines[2].substring(RECOVERY_POINT.length()).split(" ", -1);
        return new LogCheckpoint(
                Long.parseLong(lines[1].substring(LOG_START.length())),
                new RecoveryPoint(
                        Long.parseLong(point[0]),
                        Long.parseLong(point[1]),
                        Integer.parseInt(point[2]),
                        Long.parseLong(point[3])));
    }

    void write(LogDirectory directory) {
        String body = VERSION
                + LOG_START
                + logStartOffset
                + '\n'
                + RECOVERY_POINT
                + recoveryPoint.offset()
                + ' '
                + recoveryPoint.segment()
                + ' '
                + recoveryPoint.position()
                + ' '
                + recoveryPoint.maxTimestamp()
                + '\n';
        directory.replace(directory.file(FILE), withCrc(body));
    }

    private static String withCrc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return body + String.format(Locale.ROOT, "%s%08x\n", CRC, crc.getValue());
    }
}
