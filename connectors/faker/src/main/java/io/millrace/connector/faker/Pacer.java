package io.millrace.connector.faker;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a stream of rows to a rate, without a thread: the caller asks how many rows it may make now.
 *
 * <p>Each row has a time at which it is due, one interval after the row before. A caller that was away catches up for
 * one second's worth and no more. Not safe for use by several threads.
 */
final class Pacer {

    /** The time that a task lives in: the machine's, or a simulated one. */
    interface Time {

        /** Milliseconds since 1970-01-01 UTC. */
        long epochMillis();

        /** A clock that only moves on; its origin means nothing. */
        long nanos();

        /** Waits that long, or until {@link #end}, whichever is first. */
        void pause(long nanos) throws InterruptedException;

        /** Ends the pause under way and every later one; callable from any thread. */
        void end();
    }

    private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Rows are handed over in steps of at least this, so that a high rate does not mean a wake-up per row. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long intervalNanos;
    private final long stepRows;
    private long dueNanos;

    /** A pacer whose first row is due at once; {@code rowsPerSecond} 0 sets no limit. */
    Pacer(int rowsPerSecond, long nowNanos) {
        intervalNanos = rowsPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / rowsPerSecond;
        stepRows = intervalNanos == 0 ? 1 : Math.max(1, STEP_NANOS / intervalNanos);
        dueNanos = nowNanos;
    }

    /** How many rows, of the {@code wanted}, may be made now; they count as made. */
    int take(int wanted, long nowNanos) {
        if (intervalNanos == 0) {
            return wanted;
        }
        dueNanos = Math.max(dueNanos, nowNanos - CATCH_UP_NANOS);
        if (nowNanos < dueNanos) {
            return 0;
        }
        int rows = (int) Math.min(wanted, 1 + (nowNanos - dueNanos) / intervalNanos);
        dueNanos += rows * intervalNanos;
        return rows;
    }

    /** How long to wait, after {@link #take} gave 0, until a step's worth of rows is due. */
    long waitNanos(long nowNanos) {
        return Math.max(1, dueNanos + (stepRows - 1) * intervalNanos - nowNanos);
    }

    /** The machine's own time. */
    static Time machineTime() {
        return new MachineTime();
    }

    private static final class MachineTime implements Time {

        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            ended.await(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void end() {
            ended.countDown();
        }
    }
}
