package io.millrace.log.node;

/** What one shard says to another of the same broker. Immutable, or handed over for good. */
public interface ShardMessage {}
