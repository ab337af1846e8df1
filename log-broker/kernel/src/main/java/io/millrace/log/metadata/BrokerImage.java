package io.millrace.log.metadata;

import org.jspecify.annotations.Nullable;

/**
 * A broker as the metadata has it.
 *
 * @param host null if clients are to use the address they reached the broker by
 */
public record BrokerImage(int id, @Nullable String host, int port) {}
