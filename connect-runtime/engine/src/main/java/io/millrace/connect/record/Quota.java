package io.millrace.connect.record;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one connector, all its tasks together, may use up in a second. What goes beyond is a debt, which time pays off:
 * until it has, no task does anything. No more than a second is saved up for later, so that a connector that was quiet
 * does not come back with a burst.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Quota {

    private static final double SAVED_MAX_SECONDS = 1;

    private final LongSupplier clockNanos;
    private final Debt records = new Debt();
    private final Debt bytes = new Debt();
    private final Debt threadNanos = new Debt();
    private long lastNanos;
    private long recordsSeen;
    private long bytesSeen;

    /**
     * How much of each a second has.
     *
     * @param records that come in; 0: any number
     * @param bytes of keys and values, read from the log or acknowledged by it; 0: any number
     * @param threadPercent of one core, which the threads of the tasks may use; 0: all there is
     */
    public record Limits(long records, long bytes, long threadPercent) {

        /** Whether there is none at all. */
        public boolean isNone() {
            return records == 0 && bytes == 0 && threadPercent == 0;
        }

        private long threadNanos() {
            return TimeUnit.SECONDS.toNanos(1) * threadPercent / 100;
        }
    }

    /**
     * What was used up in all.
     *
     * @param records that came in, of all tasks
     * @param bytes of these, of all tasks
     * @param threadNanos of processor time, of the calling task since it last told
     */
    public record Used(long records, long bytes, long threadNanos) {}

    /** What there is too much of, and for how long. */
    public enum Excess {
        NONE,
        RECORDS,
        BYTES,
        THREAD
    }

    /**
     * How long to hold on.
     *
     * @param excess what for
     */
    public record Pause(Excess excess, long milliseconds) {}

    /** Something used up before its time. */
    private static final class Debt {

        private double amount;

        private void grow(double used) {
            amount += used;
        }

        private void pay(long limit, double seconds) {
            amount = limit == 0 ? 0 : Math.max(0, amount - limit * seconds);
        }

        private long milliseconds(long limit) {
            return limit == 0 ? 0 : (long) (amount * 1000 / limit);
        }
    }

    /**
     * @param clockNanos a clock that never goes back
     */
    public Quota(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
        this.lastNanos = clockNanos.getAsLong();
    }

    /** Counts what was used since the last call, of whichever task, and tells how long to hold on. */
    public synchronized Pause charge(Limits limits, Used used) {
        long nowNanos = clockNanos.getAsLong();
        double seconds = Math.min(SAVED_MAX_SECONDS, (nowNanos - lastNanos) / 1e9);
        records.grow((double) (used.records() - recordsSeen));
        bytes.grow((double) (used.bytes() - bytesSeen));
        threadNanos.grow((double) used.threadNanos());
        records.pay(limits.records(), seconds);
        bytes.pay(limits.bytes(), seconds);
        threadNanos.pay(limits.threadNanos(), seconds);
        lastNanos = nowNanos;
        recordsSeen = used.records();
        bytesSeen = used.bytes();
        return longest(limits);
    }

    private Pause longest(Limits limits) {
        long byRecords = records.milliseconds(limits.records());
        long byBytes = bytes.milliseconds(limits.bytes());
        long byThread = threadNanos.milliseconds(limits.threadNanos());
        long most = Math.max(byRecords, Math.max(byBytes, byThread));
        if (most == 0) {
            return new Pause(Excess.NONE, 0);
        }
        Excess excess = most == byRecords ? Excess.RECORDS : most == byBytes ? Excess.BYTES : Excess.THREAD;
        return new Pause(excess, most);
    }
}
