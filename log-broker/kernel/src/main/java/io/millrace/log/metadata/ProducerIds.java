package io.millrace.log.metadata;

import java.util.List;

/** Hands out producer ids in blocks, each to one shard of one broker, never twice. */
public final class ProducerIds {

    private static final int BLOCK_SIZE = 1000;

    /** The ids from {@code start} to below {@code end}. */
    public record Block(long start, long end) {

        /** No ids at all. */
        public static final Block NONE = new Block(0, 0);
    }

    private ProducerIds() {}

    public static Decision<Block> allocate(ClusterImage image) {
        long start = image.nextProducerId();
        long end = start + BLOCK_SIZE;
        return new Decision<>(List.of(new MetadataRecord.ProducerIdsAllocated(end)), new Block(start, end));
    }
}
