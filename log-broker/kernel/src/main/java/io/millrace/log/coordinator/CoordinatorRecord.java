package io.millrace.log.coordinator;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record of a coordinator's internal topic, before it stands in a batch.
 *
 * @param key never empty; compaction keeps the last record of each key
 * @param value null for a tombstone
 */
public record CoordinatorRecord(ByteBuffer key, @Nullable ByteBuffer value) {}
