package io.millrace.bench.server;

/** When a record counts as kept; the same for both sides of a comparison. */
public enum Durability {
    /** The operating system has it: Apache Kafka's default. */
    PAGE_CACHE,
    /** It was fsynced before it was acknowledged. */
    EVERY_BATCH_SYNCED
}
