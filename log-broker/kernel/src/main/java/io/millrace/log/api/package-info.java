/** One handler for each API key that is served, and what handlers see of their shard. */
@NullMarked
package io.millrace.log.api;

import org.jspecify.annotations.NullMarked;
