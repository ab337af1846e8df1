package io.millrace.connect.record;

/**
 * Learns of every record that could not be handled.
 *
 * @param <T> the record as it came in
 */
@FunctionalInterface
public interface ErrorReporter<T> {

    /** Called on the task's thread, before the record is skipped or the task fails. */
    void report(Attempt<T> attempt, RecordFailure failure);
}
