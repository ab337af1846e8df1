package io.millrace.bench.run;

import java.io.IOException;

/** Processor time of what is measured since a moment. */
public final class CpuMeter {

    private static final double MICROS_PER_SECOND = 1e6;

    private final Clock clock;
    private final double begin;

    /** Tells the seconds that processors have spent so far. */
    @FunctionalInterface
    public interface Clock {
        double cpuSeconds() throws IOException;
    }

    public CpuMeter(Clock clock) throws IOException {
        this.clock = clock;
        this.begin = clock.cpuSeconds();
    }

    public double microsPerRecord(long records) throws IOException {
        return (clock.cpuSeconds() - begin) * MICROS_PER_SECOND / records;
    }
}
