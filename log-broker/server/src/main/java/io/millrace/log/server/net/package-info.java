/**
 * Sockets and event loops: frames in, answers out, one loop per shard.
 *
 * <p>A loop owns its connections and its shard; nothing here is locked. What crosses loops is handed over for good as a
 * task of the receiving loop.
 */
@NullMarked
package io.millrace.log.server.net;

import org.jspecify.annotations.NullMarked;
