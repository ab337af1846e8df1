package io.millrace.log.node;

import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.TransactionConfig;

/**
 * What one shard is told at start.
 *
 * @param shard this one, from 0; shard 0 also runs the controller
 * @param shards number of shards of the broker, the same for all of them
 * @param seed of the shard's chance (topic ids, member ids): random in production, chosen in a simulation
 */
public record ShardConfig(
        BrokerConfig broker, GroupConfig groups, TransactionConfig transactions, int shard, int shards, long seed) {}
