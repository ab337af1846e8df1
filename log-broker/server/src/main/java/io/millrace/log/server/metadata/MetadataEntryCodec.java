package io.millrace.log.server.metadata;

import io.millrace.log.metadata.MetadataCodec;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.server.metadata.MetadataLog.Origin;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the metadata log as bytes.
 *
 * <pre>
 *   0        4         5     13      17         25
 *   | crc32c | version | run | shard | proposal | batch ...
 * </pre>
 *
 * The checksum covers everything behind it. {@code run} tells the entries of one run of one broker from all others, so
 * that an entry replayed after a restart is not taken for the answer to a proposal; shard -1 stands for no origin. The
 * batch is that of {@link MetadataCodec}, with a version of its own.
 */
final class MetadataEntryCodec {

    private static final byte VERSION = 1;
    private static final int CRC_BYTES = Integer.BYTES;
    private static final int HEADER_BYTES = CRC_BYTES + 1 + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int NO_SHARD = -1;

    private MetadataEntryCodec() {}

    /** What an entry says. {@code origin} is null for a batch without one. */
    record Entry(long run, @Nullable Origin origin, List<MetadataRecord> records) {}

    static ByteBuffer encode(Entry entry) {
        ByteBuffer batch = MetadataCodec.encode(entry.records());
        Origin origin = entry.origin();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + batch.remaining());
        bytes.putInt(0)
                .put(VERSION)
                .putLong(entry.run())
                .putInt(origin == null ? NO_SHARD : origin.shard())
                .putLong(origin == null ? 0 : origin.proposal())
                .put(batch)
                .flip();
        bytes.putInt(0, checksum(bytes));
        return bytes;
    }

    /** @throws IllegalArgumentException if the bytes are damaged, or of a version this broker does not know */
    static Entry decode(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES) {
            throw new IllegalArgumentException("metadata entry of " + bytes.remaining() + " bytes is too short");
        }
        ByteBuffer in = bytes.slice();
        int expected = checksum(in);
        if (in.getInt() != expected) {
            throw new IllegalArgumentException("metadata entry is damaged: its checksum does not match");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("metadata entry has version " + version + ", this broker reads "
                    + VERSION + ": start it with the release that wrote the data directory, or a newer one");
        }
        long run = in.getLong();
        int shard = in.getInt();
        long proposal = in.getLong();
        Origin origin = shard == NO_SHARD ? null : new Origin(shard, proposal);
        return new Entry(run, origin, MetadataCodec.decode(in));
    }

    private static int checksum(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.slice(CRC_BYTES, entry.limit() - CRC_BYTES));
        return (int) crc.getValue();
    }
}
