package io.millrace.connect.record;

import java.time.Duration;

/**
 * What a task runs: everything between a connector's task and the log, as one duty cycle.
 *
 * <p><b>Life cycle.</b> {@link #start()} once; then {@link #step()} or {@link #idle()} again and again; then, also
 * after any of these has thrown, {@link #stop(boolean, Duration)} once.
 *
 * <p><b>Threads.</b> All of these on the task's own thread, which is the only one that calls into the plugin.
 * {@link #wakeup()} and {@link #abort()} may come from any thread.
 *
 * <p><b>Errors.</b> Whatever a method throws fails the task.
 */
public interface Pipeline {

    /** Makes the plugin's task and starts it. */
    void start();

    /** Does one turn of work; may block for as long as the plugin does, and otherwise about a second. */
    void step();

    /**
     * Whether the last step found nothing to do, and all that went before is acknowledged and committed. After a step
     * only.
     */
    boolean quiet();

    /** Does one turn while paused: nothing moves, but the connection to the log stays alive. */
    void idle();

    /**
     * Brings to an end what is under way, commits what may be committed, stops the plugin's task and lets go of
     * everything. Throws nothing.
     *
     * @param healthy false after a failure: then a sink is not asked what it has stored
     * @param timeout how long to wait for the log
     */
    void stop(boolean healthy, Duration timeout);

    /** Makes a step that waits for the log return soon. */
    void wakeup();

    /** The task does not come back from its plugin: whatever it still does must no longer reach the log. */
    void abort();
}
