package io.millrace.log.node;

/** What one shard says to another of the same broker. Carried by the rim as it is, in order, and opaque to it. */
public sealed interface ShardMessage permits ShardBus.Work {}
