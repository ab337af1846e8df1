package io.millrace.log.api;

import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a request does on each partition that it names. Runs on the shard that leads the partition: an implementation
 * captures only what is immutable, never the handler it belongs to.
 *
 * @param <W> a partition as the request names it
 * @param <R> its part of the answer
 */
interface LeaderTask<W, R> {

    /** Number of the partition within its topic. */
    int index(W wanted);

    Promise<R> run(LocalShard owner, PartitionLeader leader, W wanted);

    R failed(W wanted, Errors error);
}
