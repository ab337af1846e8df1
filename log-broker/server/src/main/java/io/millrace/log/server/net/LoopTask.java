package io.millrace.log.server.net;

import io.millrace.log.node.Event;

/**
 * What a loop runs: a {@link io.millrace.log.node.Shard}. All calls come from the loop's thread; an exception out of
 * any of them stops the node. Times are those of {@link BrokerClock}.
 */
public interface LoopTask {

    void step(Event event, long nowMillis);

    /** Called once after everything that was ready has been stepped. */
    void endOfPass(long nowMillis);

    /** When the loop must come round even if nothing happens; {@link Long#MAX_VALUE} for never. */
    long nextDeadline();

    /** The last call. */
    void close();
}
