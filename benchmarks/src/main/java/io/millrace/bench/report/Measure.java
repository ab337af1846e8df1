package io.millrace.bench.report;

/** A quantity that a scenario gives once in each round, for each side. */
public enum Measure {
    THROUGHPUT("throughput", "records/s", true),
    SERVER_CPU("server CPU", "µs/record", false),
    P50("latency p50", "ms", false),
    P99("latency p99", "ms", false),
    READY("until acknowledged", "s", false),
    STOP("clean stop", "s", false),
    RESIDENT("resident memory", "MB", false),
    REST("until REST answers", "s", false),
    SOURCE("source", "records/s", true),
    SOURCE_CPU("source, CPU of all", "µs/record", false),
    SINK("sink", "records/s", true),
    SINK_CPU("sink, CPU of all", "µs/record", false),
    PEAK("memory at its highest", "MB", false);

    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    Measure(String title, String unit, boolean moreIsBetter) {
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    public String title() {
        return title;
    }

    public String unit() {
        return unit;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
