package io.millrace.connect.task;

/**
 * When a failed connector or task is tried again: after a pause that doubles with each failure in a row, up to a cap.
 * A run that lasted longer than the cap starts the count over.
 *
 * @param firstMs the pause after the first failure
 * @param maxMs the longest pause
 */
public record RetryPolicy(long firstMs, long maxMs) {

    /** The pause after so many failures in a row, at least one. */
    long delayMs(int failures) {
        int doublings = Math.min(failures - 1, 30);
        return Math.min(maxMs, firstMs << doublings);
    }
}
