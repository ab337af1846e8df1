package io.millrace.connect.task;

import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.QuotaKeys;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Patience;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Progress;
import io.millrace.connect.record.Quota;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** A pipeline of a connector that has a quota: it takes no turn while the connector has used up more than its share. */
final class Throttle implements Pipeline {

    /** Longer pauses are spent like those of a paused connector, so that a sink stays a member of its group. */
    private static final long SHORT_MS = 100;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Pipeline throttled;
    private final FlowMeter flow;
    private final Quota.Limits limits;
    private final Progress progress;
    private final Patience patience;
    private long threadNanos;

    /**
     * @param flow what all tasks of the connector count, and their common quota
     * @param progress told while it is held back
     */
    Throttle(Pipeline throttled, FlowMeter flow, Quota.Limits limits, Progress progress, Patience patience) {
        this.throttled = throttled;
        this.flow = flow;
        this.limits = limits;
        this.progress = progress;
        this.patience = patience;
    }

    /** What a connector's config allows. */
    static Quota.Limits limits(ConnectorSettings settings) {
        return new Quota.Limits(
                settings.number(QuotaKeys.RECORDS),
                settings.number(QuotaKeys.BYTES),
                settings.number(QuotaKeys.THREAD));
    }

    @Override
    public void start() {
        throttled.start();
        threadNanos = THREADS.getCurrentThreadCpuTime();
    }

    @Override
    public void step() {
        Quota.Pause pause = flow.quota().charge(limits, used());
        if (pause.excess() == Quota.Excess.NONE) {
            progress.unbraked();
            throttled.step();
        } else {
            progress.braked("held back by its quota, " + quota(pause.excess()));
            if (pause.milliseconds() > SHORT_MS) {
                throttled.idle();
            }
            patience.await(Math.min(SHORT_MS, pause.milliseconds()));
        }
    }

    private Quota.Used used() {
        long before = threadNanos;
        threadNanos = limits.threadPercent() == 0 ? 0 : THREADS.getCurrentThreadCpuTime();
        return new Quota.Used(flow.recordsIn(), flow.logBytes(), threadNanos - before);
    }

    private String quota(Quota.Excess excess) {
        return switch (excess) {
            case RECORDS -> QuotaKeys.RECORDS + " = " + limits.records();
            case BYTES -> QuotaKeys.BYTES + " = " + limits.bytes();
            case THREAD -> QuotaKeys.THREAD + " = " + limits.threadPercent();
            case NONE -> "which it does not exceed";
        };
    }

    @Override
    public boolean quiet() {
        return throttled.quiet();
    }

    @Override
    public void idle() {
        throttled.idle();
    }

    @Override
    public void stop(boolean healthy, Duration timeout) {
        throttled.stop(healthy, timeout);
    }

    @Override
    public void wakeup() {
        throttled.wakeup();
    }

    @Override
    public void abort() {
        throttled.abort();
    }
}
