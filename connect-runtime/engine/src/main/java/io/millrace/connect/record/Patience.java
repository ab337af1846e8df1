package io.millrace.connect.record;

/** How a task waits: cut short when it is to stop. */
@FunctionalInterface
public interface Patience {

    /** Waits on the calling thread. Returns false, at once, when the task is to stop. */
    boolean await(long milliseconds);
}
