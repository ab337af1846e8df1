package io.millrace.log.server.net;

import java.util.concurrent.TimeUnit;

/**
 * The one time of all loops of a broker, in milliseconds since the epoch. It takes the wall clock once, and follows the
 * monotonic clock from there: a wall clock that is set back or forward neither stops the timers nor ages any record.
 */
public final class BrokerClock {

    private final long startMillis;
    private final long startNanos;

    public BrokerClock() {
        startMillis = System.currentTimeMillis();
        startNanos = System.nanoTime();
    }

    public long nowMillis() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /** How long to wait until {@code nowMillis()} gives {@code deadlineMillis}; 0 or less if it does already. */
    long nanosUntil(long deadlineMillis) {
        if (deadlineMillis == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long passed = System.nanoTime() - startNanos;
        return TimeUnit.MILLISECONDS.toNanos(deadlineMillis - startMillis) - passed;
    }
}
