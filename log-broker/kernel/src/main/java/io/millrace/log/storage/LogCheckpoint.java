package io.millrace.log.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a log remembers that its segments do not say. File {@value #FILE}, replaced as a whole:
 *
 * <pre>
 *  version 1
 *  log-start-offset 100
 *  recovery-point 4711 4000 65536 1700000000000     (offset, segment, position, max timestamp)
 *  producers 1a2b3c4d                               (CRC-32C in the snapshot at the recovery point; -: not known)
 *  aborted 0 3 1a2b3c4d                             (segment, entries and CRC-32C of its transaction index)
 *  crc 1a2b3c4d                                     (CRC-32C of the lines above)
 * </pre>
 *
 * <p>The line on aborted transactions is there for each segment that has some, up to the recovery point. Version 0 had
 * neither it nor the one on producers.
 *
 * @param producersCrc -1 if it is not known
 */
record LogCheckpoint(
        long logStartOffset,
        RecoveryPoint recoveryPoint,
        long producersCrc,
        SortedMap<Long, TransactionIndex.Summary> aborted) {

    static final String FILE = "log-checkpoint";
    static final long UNKNOWN_CRC = -1;

    private static final List<String> VERSIONS = List.of("version 0", "version 1");
    private static final String LOG_START = "log-start-offset ";
    private static final String RECOVERY_POINT = "recovery-point ";
    private static final String PRODUCERS = "producers ";
    private static final String ABORTED = "aborted ";
    private static final String CRC = "crc ";
    private static final int FIXED_LINES = 3;
    private static final int HEX = 16;

    /** Of a log that has no such file. */
    static final LogCheckpoint NONE = new LogCheckpoint(0, RecoveryPoint.startOf(0), UNKNOWN_CRC, new TreeMap<>());

    /** {@link #NONE} if there is no such file. */
    static LogCheckpoint read(LogDirectory directory) {
        String path = directory.file(FILE);
        ByteBuffer content = directory.readWhole(path);
        if (content == null) {
            return NONE;
        }
        LogCheckpoint checkpoint = parse(StandardCharsets.UTF_8.decode(content).toString());
        if (checkpoint == null) {
            throw LogDirectory.damaged(path, 0, "its content is not as it was written");
        }
        return checkpoint;
    }

    private static @Nullable LogCheckpoint parse(String text) {
        int crcAt = text.lastIndexOf(CRC);
        if (crcAt < 0 || !text.equals(withCrc(text.substring(0, crcAt)))) {
            return null;
        }
        List<String> lines = Arrays.asList(text.substring(0, crcAt).split("\n", -1));
        if (!VERSIONS.contains(lines.getFirst())) {
            return null;
        }
        String[] point = lines.get(2).substring(RECOVERY_POINT.length()).split(" ", -1);
        long producersCrc = UNKNOWN_CRC;
        SortedMap<Long, TransactionIndex.Summary> aborted = new TreeMap<>();
        for (String line : lines.subList(FIXED_LINES, lines.size())) {
            if (line.startsWith(ABORTED)) {
                String[] fields = line.substring(ABORTED.length()).split(" ", -1);
                int crc = (int) Long.parseLong(fields[2], HEX);
                aborted.put(Long.parseLong(fields[0]), new TransactionIndex.Summary(Integer.parseInt(fields[1]), crc));
            } else if (line.startsWith(PRODUCERS) && !line.endsWith("-")) {
                producersCrc = Long.parseLong(line.substring(PRODUCERS.length()), HEX);
            }
        }
        return new LogCheckpoint(
                Long.parseLong(lines.get(1).substring(LOG_START.length())),
                new RecoveryPoint(
                        Long.parseLong(point[0]),
                        Long.parseLong(point[1]),
                        Integer.parseInt(point[2]),
                        Long.parseLong(point[3])),
                producersCrc,
                aborted);
    }

    /** What the transaction index of a segment should be. */
    TransactionIndex.Summary abortedIn(long segment) {
        return aborted.getOrDefault(segment, TransactionIndex.Summary.EMPTY);
    }

    void write(LogDirectory directory) {
        StringBuilder body = new StringBuilder();
        body.append(VERSIONS.getLast()).append('\n').append(LOG_START).append(logStartOffset);
        body.append('\n').append(RECOVERY_POINT).append(recoveryPoint.offset());
        body.append(' ').append(recoveryPoint.segment());
        body.append(' ').append(recoveryPoint.position());
        body.append(' ').append(recoveryPoint.maxTimestamp());
        body.append('\n').append(PRODUCERS).append(producersCrc == UNKNOWN_CRC ? "-" : Long.toHexString(producersCrc));
        aborted.forEach((segment, summary) -> body.append('\n')
                .append(ABORTED)
                .append(segment)
                .append(' ')
                .append(summary.count())
                .append(' ')
                .append(Integer.toHexString(summary.crc())));
        directory.replace(directory.file(FILE), withCrc(body.append('\n').toString()));
    }

    private static String withCrc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return body + String.format(Locale.ROOT, "%s%08x\n", CRC, crc.getValue());
    }
}
