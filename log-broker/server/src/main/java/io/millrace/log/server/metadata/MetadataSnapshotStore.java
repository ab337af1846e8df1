package io.millrace.log.server.metadata;

import io.millrace.log.metadata.MetadataCodec;
import io.millrace.log.metadata.MetadataRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Snapshots of the metadata as files.
 *
 * <pre>
 *   0        4             12
 *   | crc32c | batch index | batch ...
 * </pre>
 *
 * The checksum covers everything behind it. A file gets its name only when its bytes are on disk, so that a crash
 * leaves no half of one.
 */
final class MetadataSnapshotStore {

    private static final int CRC_BYTES = Integer.BYTES;
    private static final int HEADER_BYTES = CRC_BYTES + Long.BYTES;

    private MetadataSnapshotStore() {}

    /** All metadata after the batch at {@code index}, as records that make it from nothing. */
    record Snapshot(long index, List<MetadataRecord> records) {}

    static void write(Path file, Snapshot snapshot) throws IOException {
        ByteBuffer batch = MetadataCodec.encode(snapshot.records());
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + batch.remaining());
        bytes.putInt(0).putLong(snapshot.index()).put(batch).flip();
        bytes.putInt(0, checksum(bytes));
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** @throws IOException if the file cannot be read, or its content is not what was written */
    static Snapshot read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < HEADER_BYTES || bytes.getInt(0) != checksum(bytes)) {
            throw new IOException("The metadata snapshot " + file + " is damaged: its checksum does not match.");
        }
        long index = bytes.getLong(CRC_BYTES);
        try {
            return new Snapshot(index, MetadataCodec.decode(bytes.position(HEADER_BYTES)));
        } catch (IllegalArgumentException e) {
            throw new IOException("The metadata snapshot " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(CRC_BYTES, bytes.limit() - CRC_BYTES));
        return (int) crc.getValue();
    }
}
