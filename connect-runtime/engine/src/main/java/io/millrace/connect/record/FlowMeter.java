package io.millrace.connect.record;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts what flows through one connector, all its tasks together, and how fresh it is on arrival.
 *
 * <p><b>Threads.</b> Any.
 */
public final class FlowMeter {

    private static final int WINDOWS = 6;
    private static final long WINDOW_MS = 5_000;
    private static final long FRESHNESS_MAX_MS = 7L * 24 * 3600 * 1000;

    private final LongSupplier clockMs;
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder logBytes = new LongAdder();
    private final LongAccumulator newestMs = new LongAccumulator(Math::max, -1);
    private final Quota quota = new Quota(System::nanoTime);
    private final Window[] windows = new Window[WINDOWS];

    /** What happened within one stretch of time. */
    private static final class Window {
        private long number = -1;
        private long out;

        /** Made when first needed: most of many connectors are quiet. */
        private @Nullable AbstractHistogram freshness;

        private void startOver(long newNumber) {
            number = newNumber;
            out = 0;
            if (freshness != null) {
                freshness.reset();
            }
        }

        private void arrived(long ageMs) {
            if (freshness == null) {
                freshness = newHistogram();
            }
            freshness.recordValue(ageMs);
        }
    }

    /**
     * @param clockMs wall time in milliseconds since the epoch
     */
    public FlowMeter(LongSupplier clockMs) {
        this.clockMs = clockMs;
        for (int i = 0; i < WINDOWS; i++) {
            windows[i] = new Window();
        }
    }

    private static AbstractHistogram newHistogram() {
        return new IntCountsHistogram(FRESHNESS_MAX_MS, 2);
    }

    /** Records came from the connector's source: the external system, or the log. */
    public void countIn(long records) {
        in.add(records);
    }

    /** Records arrived where the connector brings them: acknowledged by the log, or taken by the sink. */
    public void countOut(long records) {
        out.add(records);
        synchronized (windows) {
            current().out += records;
        }
    }

    /** So many bytes of records were read from the log, or are in it now. */
    public void countLogBytes(long bytes) {
        logBytes.add(bytes);
    }

    /** A record with this timestamp (milliseconds since the epoch) can be seen in the target since now. */
    public void arrived(long timestampMs) {
        newestMs.accumulate(timestampMs);
        long age = Math.clamp(clockMs.getAsLong() - timestampMs, 0, FRESHNESS_MAX_MS);
        synchronized (windows) {
            current().arrived(age);
        }
    }

    private Window current() {
        long number = clockMs.getAsLong() / WINDOW_MS;
        Window window = windows[(int) (number % WINDOWS)];
        if (window.number != number) {
            window.startOver(number);
        }
        return window;
    }

    /** How many records have come in since the meter was made. */
    public long recordsIn() {
        return in.sum();
    }

    /** How many bytes were read from the log, or are in it, since the meter was made. */
    public long logBytes() {
        return logBytes.sum();
    }

    /** What the connector may use of all that. */
    public Quota quota() {
        return quota;
    }

    /** How many records have arrived since the meter was made. */
    public long recordsOut() {
        return out.sum();
    }

    /** The counts since the meter was made, and rate and quantiles over the last half minute. */
    public Flow read() {
        AbstractHistogram freshness = newHistogram();
        long recent = 0;
        long nowMs = clockMs.getAsLong();
        long newest = nowMs / WINDOW_MS;
        long oldest = newest;
        synchronized (windows) {
            for (Window window : windows) {
                if (window.number > newest - WINDOWS) {
                    recent += window.out;
                    if (window.freshness != null) {
                        freshness.add(window.freshness);
                    }
                    oldest = Math.min(oldest, window.number);
                }
            }
        }
        double seconds = Math.max(1.0, (nowMs - oldest * WINDOW_MS) / 1000.0);
        boolean any = freshness.getTotalCount() > 0;
        return new Flow(
                in.sum(),
                out.sum(),
                logBytes.sum(),
                recent / seconds,
                any ? freshness.getValueAtPercentile(50) : -1,
                any ? freshness.getValueAtPercentile(99) : -1,
                newestMs.get());
    }
}
