package io.millrace.connect.task;

import io.millrace.connect.record.Causes;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A state, and why.
 *
 * @param cause why it failed, in one sentence; null unless it did
 * @param trace the cause, and the stack trace below it; null unless it failed
 * @param sinceMs when it came into this state, in milliseconds since the epoch; after several failures in a row, when
 *     it failed first
 * @param retry what comes next; null unless it failed
 */
public record RunStatus(
        RunState state,
        @Nullable String cause,
        @Nullable String trace,
        long sinceMs,
        @Nullable Retry retry) {

    /**
     * What comes after a failure.
     *
     * @param failures how often it failed in a row
     * @param sinceMs when it failed first, in milliseconds since the epoch
     * @param nextMs when it is tried again, in milliseconds since the epoch; null: not before a person has done
     *     something about it
     * @param passing whether the plugin says that the failure may pass by itself
     */
    public record Retry(
            int failures, long sinceMs, @Nullable Long nextMs, boolean passing) {}

    /** A state that is no failure, since now. */
    public static RunStatus of(RunState state) {
        return new RunStatus(state, null, null, System.currentTimeMillis(), null);
    }

    /** A failure, since now, that is not tried again. */
    public static RunStatus failed(String cause) {
        long nowMs = System.currentTimeMillis();
        return new RunStatus(RunState.FAILED, cause, cause, nowMs, new Retry(1, nowMs, null, false));
    }

    static RunStatus failed(Throwable error, Retry retry) {
        String cause = Causes.sentence(error);
        return new RunStatus(RunState.FAILED, cause, cause + "\n" + Causes.stackTrace(error), retry.sinceMs(), retry);
    }

    /** The same, as it may be shown. */
    public RunStatus masked(UnaryOperator<String> shown) {
        return new RunStatus(
                state,
                cause == null ? null : shown.apply(cause),
                trace == null ? null : shown.apply(trace),
                sinceMs,
                retry);
    }
}
