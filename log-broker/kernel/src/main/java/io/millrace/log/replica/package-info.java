/** The partitions of a shard: leadership, high watermark, group commit, parked writes and fetches. */
@NullMarked
package io.millrace.log.replica;

import org.jspecify.annotations.NullMarked;
