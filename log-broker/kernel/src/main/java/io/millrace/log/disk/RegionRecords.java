package io.millrace.log.disk;

import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Stored record batches in a Fetch answer, which the kernel never reads. Whoever writes the answer sends the bytes of
 * the region in their place, and releases it.
 */
public record RegionRecords(Region region) implements BaseRecords {

    @Override
    public int sizeInBytes() {
        return region.size();
    }

    /** Not supported: regions are sent by the rim's own writer. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("a region is sent by the writer of the answer");
    }
}
