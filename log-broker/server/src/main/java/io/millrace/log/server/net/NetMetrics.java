package io.millrace.log.server.net;

import java.util.List;
import java.util.Map;

/**
 * What the loops have counted since the broker started, added up at one moment. All counts only grow.
 *
 * @param requestsByApi requests received, by the name of their API key; keys that nobody has used are left out
 * @param bytesIn of request frames, with their length fields
 * @param bytesOut of answers that were handed to the network whole
 */
public record NetMetrics(
        Connections connections,
        Map<String, Long> requestsByApi,
        long bytesIn,
        long bytesOut,
        Faults faults,
        Syncs syncs) {

    /**
     * Connections of clients.
     *
     * @param opened since the start
     * @param closed of those, for whatever reason
     * @param refused because there were as many as allowed
     * @param throttled closed after a while because their address connects too often
     * @param notAccepted times that the system had no socket to give, for want of file descriptors
     * @param muted times that one was not read from for a while because its client had more than its quota
     * @param idle closed because the client did nothing for too long
     */
    public record Connections(
            long opened, long closed, long refused, long throttled, long notAccepted, long muted, long idle) {

        /** How many there are now. */
        public long open() {
            return opened - closed;
        }
    }

    /**
     * What went wrong.
     *
     * @param malformed connections ended because their bytes were no request
     * @param failed requests that ran into a bug of ours
     * @param partitionsStopped times that a partition was found to take no more writes, or not to open, because of the
     *     disk
     * @param partitionsCut partitions of which the end was cut off when they were opened
     */
    public record Faults(long malformed, long failed, long partitionsStopped, long partitionsCut) {}

    /**
     * Syncs of files, each of them one group commit of one partition.
     *
     * @param failed syncs that did not succeed; they are not in the other counts
     * @param nanos time of all syncs together
     * @param buckets how many syncs took at most so long and longer than the bucket before; the last one has no upper
     *     end
     */
    public record Syncs(long count, long failed, long nanos, List<Bucket> buckets) {

        /** One bar of the histogram; {@code microsMax} is {@link Long#MAX_VALUE} in the last. */
        public record Bucket(long microsMax, long count) {}
    }
}
