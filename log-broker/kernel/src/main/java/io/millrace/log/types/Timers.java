package io.millrace.log.types;

/**
 * Deadlines of one shard. Time is in milliseconds since the epoch and never goes back from one step to the next.
 *
 * <p>An action runs once, on the shard's own loop, at the end of the first pass whose time has reached the deadline;
 * actions with the same deadline run in the order they were scheduled. The number pending is bounded by what is parked:
 * whoever schedules for a request or a session cancels when it ends.
 */
public interface Timers {

    /** The time of the step that is running. */
    long now();

    Timer at(long deadlineMillis, Runnable action);

    /** A pending action. */
    interface Timer {

        /** Does nothing if the action has run or was cancelled. */
        void cancel();
    }
}
