package io.millrace.log.server.net;

import io.millrace.log.disk.Region;
import io.millrace.log.disk.RegionRecords;
import io.millrace.log.node.Reply;
import io.millrace.log.server.disk.FileRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Turns an answer into bytes for the socket. Stored records never pass through the heap: large regions are sent from
 * the file, small ones are read into the buffer that is sent anyway, which saves the system calls of their own.
 */
final class ReplyEncoder {

    /** Regions up to this size are copied. */
    private static final int COPY_REGION_BYTES_MAX = 64 * 1024;

    private final ByteBufAllocator allocator;

    ReplyEncoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Takes over the regions in {@code reply}: they are released when the parts of the answer are. */
    EncodedReply encode(Reply reply) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(reply.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, reply.headerVersion());
        reply.body().addSize(size, cache, reply.version());
        Encoding encoding = new Encoding(allocator.directBuffer(
                Integer.BYTES + size.sizeExcludingZeroCopy() + Math.min(COPY_REGION_BYTES_MAX, zeroCopyBytes(size))));
        boolean done = false;
        try {
            ByteBufWritable writable = new ByteBufWritable(encoding.buffer, encoding::writeRecords);
            writable.writeInt(size.totalSize());
            header.write(writable, cache, reply.headerVersion());
            reply.body().write(writable, cache, reply.version());
            done = true;
            return encoding.finish(Integer.BYTES + (long) size.totalSize());
        } finally {
            if (!done) {
                encoding.release();
            }
        }
    }

    private static int zeroCopyBytes(MessageSizeAccumulator size) {
        return size.totalSize() - size.sizeExcludingZeroCopy();
    }

    /** One answer while it is written: a buffer, and the files that belong in between its bytes. */
    private static final class Encoding {

        private final ByteBuf buffer;
        private final List<FileSend> files = new ArrayList<>();
        private final List<Integer> cuts = new ArrayList<>();

        Encoding(ByteBuf buffer) {
            this.buffer = buffer;
        }

        void writeRecords(BaseRecords records) {
            switch (records) {
                case RegionRecords region -> writeRegion(region.region());
                case MemoryRecords memory -> buffer.writeBytes(memory.buffer());
                default -> throw new IllegalArgumentException("records of an unknown kind: " + records.getClass());
            }
        }

        EncodedReply finish(long totalBytes) {
            int memoryBytes = buffer.readableBytes();
            if (files.isEmpty()) {
                return new EncodedReply(List.of(buffer), memoryBytes, totalBytes);
            }
            List<Object> parts = new ArrayList<>(2 * files.size() + 1);
            for (int i = 0; i < files.size(); i++) {
                parts.add(buffer.readRetainedSlice(cuts.get(i) - buffer.readerIndex()));
                parts.add(files.get(i));
            }
            parts.add(buffer);
            return new EncodedReply(parts, memoryBytes, totalBytes);
        }

        void release() {
            buffer.release();
            files.forEach(FileSend::release);
        }

        private void writeRegion(Region region) {
            if (region instanceof FileRange range && range.size() > COPY_REGION_BYTES_MAX) {
                cuts.add(buffer.writerIndex());
                files.add(new FileSend(range));
                return;
            }
            try {
                copy(region);
            } finally {
                region.release();
            }
        }

        private void copy(Region region) {
            int size = region.size();
            buffer.ensureWritable(size);
            int start = buffer.writerIndex();
            int count = region.read(buffer.nioBuffer(start, size), 0);
            if (count != size) {
                throw new IllegalStateException("a region of " + size + " bytes gave " + count);
            }
            buffer.writerIndex(start + size);
        }
    }
}
