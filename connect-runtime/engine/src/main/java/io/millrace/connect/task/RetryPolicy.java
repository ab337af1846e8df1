package io.millrace.connect.task;

import io.millrace.connect.log.LogFailure;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * When a failed connector or task is tried again: after a pause that doubles with each failure in a row, up to a cap.
 * A run that lasted longer than the cap starts the count over.
 *
 * @param firstMs the pause after the first failure
 * @param maxMs the longest pause
 */
public record RetryPolicy(long firstMs, long maxMs) {

    /**
     * What comes after this failure.
     *
     * @param before the failure before it, of the same row; null: it is the first
     */
    RunStatus.Retry after(Throwable error, RunStatus.@Nullable Retry before) {
        long nowMs = System.currentTimeMillis();
        int failures = before == null ? 1 : before.failures() + 1;
        Long nextMs = isFinal(error) ? null : Long.valueOf(nowMs + delayMs(failures));
        return new RunStatus.Retry(failures, before == null ? nowMs : before.sinceMs(), nextMs, isPassing(error));
    }

    /** The pause after so many failures in a row, at least one. */
    long delayMs(int failures) {
        int doublings = Math.min(failures - 1, 30);
        return Math.min(maxMs, firstMs << doublings);
    }

    /** Whether whoever threw it says that it may pass by itself. */
    private static boolean isPassing(Throwable error) {
        return error instanceof RetriableException;
    }

    /**
     * Whether another try cannot help: a wrong config, a record that cannot be handled, a class that is missing, a
     * plugin that misuses the runtime, or a place that another task has taken, which another try would take from it.
     * Everything else may pass: remote systems come back.
     */
    private static boolean isFinal(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable next = error;
        while (next != null && seen.add(next)) {
            if (next instanceof ConfigException
                    || next instanceof DataException
                    || next instanceof LinkageError
                    || next instanceof IllegalWorkerStateException
                    || (next instanceof LogFailure failure && failure.category() == LogFailure.Category.STOP_TASK)) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }
}
