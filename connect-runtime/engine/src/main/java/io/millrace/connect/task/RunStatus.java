package io.millrace.connect.task;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A state, and why.
 *
 * @param cause why it failed, in one sentence; null unless it did
 * @param trace the cause, and the stack trace below it; null unless it failed
 */
public record RunStatus(
        RunState state, @Nullable String cause, @Nullable String trace) {

    static RunStatus of(RunState state) {
        return new RunStatus(state, null, null);
    }

    /** The same, as it may be shown. */
    public RunStatus masked(UnaryOperator<String> shown) {
        return new RunStatus(
                state, cause == null ? null : shown.apply(cause), trace == null ? null : shown.apply(trace));
    }

    static RunStatus failed(Throwable error) {
        String cause = Causes.sentence(error);
        return new RunStatus(RunState.FAILED, cause, cause + "\n" + Causes.stackTrace(error));
    }
}
