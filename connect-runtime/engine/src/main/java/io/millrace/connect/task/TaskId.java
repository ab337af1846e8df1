package io.millrace.connect.task;

/**
 * Names a task.
 *
 * @param connector the name of its connector
 * @param task its number, from 0
 */
public record TaskId(String connector, int task) {

    /** As in thread names and logs: {@code connector-0}. */
    @Override
    public String toString() {
        return connector + "-" + task;
    }
}
