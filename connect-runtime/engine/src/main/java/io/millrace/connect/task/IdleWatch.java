package io.millrace.connect.task;

import io.millrace.connect.record.Pipeline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A pipeline of a connector that runs by a schedule: tells when there has been nothing to do for long enough. A plugin
 * that is in the middle of a poll is not idle: only what came back, with nothing, counts.
 */
final class IdleWatch implements Pipeline {

    private final Pipeline watched;
    private final long idleNanos;
    private final LongSupplier clockNanos;
    private final Listener listener;
    private boolean quiet;
    private long quietSinceNanos;
    private boolean told;

    /** Told when the pipeline becomes idle, and when it no longer is. */
    @FunctionalInterface
    interface Listener {
        void idle(boolean is);
    }

    /**
     * @param idleMs for how long there must be nothing to do
     */
    IdleWatch(Pipeline watched, long idleMs, LongSupplier clockNanos, Listener listener) {
        this.watched = watched;
        this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMs);
        this.clockNanos = clockNanos;
        this.listener = listener;
    }

    @Override
    public void start() {
        listener.idle(false);
        watched.start();
    }

    @Override
    public void step() {
        watched.step();
        boolean now = watched.quiet();
        if (now && !quiet) {
            quietSinceNanos = clockNanos.getAsLong();
        }
        quiet = now;
        boolean idle = quiet && clockNanos.getAsLong() - quietSinceNanos >= idleNanos;
        if (idle != told) {
            told = idle;
            listener.idle(idle);
        }
    }

    @Override
    public boolean quiet() {
        return quiet;
    }

    @Override
    public void idle() {
        quiet = false;
        watched.idle();
    }

    @Override
    public void stop(boolean healthy, Duration timeout) {
        watched.stop(healthy, timeout);
    }

    @Override
    public void wakeup() {
        watched.wakeup();
    }

    @Override
    public void abort() {
        watched.abort();
    }
}
