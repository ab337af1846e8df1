package io.millrace.bench.connect;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Waits for something of another process, which takes hardly any processor time. */
final class Waiting {

    /** Files are looked at more often than servers are asked, which are to have the processors for themselves. */
    static final long FILE_PAUSE_NANOS = 2_000_000;

    static final long ANSWER_PAUSE_NANOS = 20_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Waiting() {}

    /** Something that comes true. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** @throws IOException if it does not come true in time */
    static void until(String what, long secondsMax, long pauseNanos, Condition condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + secondsMax * NANOS_PER_SECOND;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("%s: not within %d s".formatted(what, secondsMax));
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }
}
