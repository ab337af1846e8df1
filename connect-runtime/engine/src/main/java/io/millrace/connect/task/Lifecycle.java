package io.millrace.connect.task;

import java.util.function.Consumer;

/**
 * The state of one connector or task. Every transition is made here, and told to whoever keeps the states.
 *
 * <p><b>Threads.</b> Any; a state that was let go of stays {@link RunState#UNASSIGNED} whatever comes later.
 */
public final class Lifecycle {

    private final Consumer<RunStatus> listener;
    private RunStatus status = RunStatus.of(RunState.UNASSIGNED);
    private boolean released;

    /**
     * @param listener told of every transition, in order; must not block
     */
    public Lifecycle(Consumer<RunStatus> listener) {
        this.listener = listener;
    }

    /** The state now. */
    public synchronized RunStatus status() {
        return status;
    }

    void moveTo(RunState next) {
        move(RunStatus.of(next));
    }

    void fail(Throwable error, RunStatus.Retry retry) {
        move(RunStatus.failed(error, retry));
    }

    /** The end: no transition after this one counts. */
    void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            status = RunStatus.of(RunState.UNASSIGNED);
        }
        listener.accept(RunStatus.of(RunState.UNASSIGNED));
    }

    private synchronized void move(RunStatus next) {
        if (released || status.state() == next.state()) {
            return;
        }
        if (!status.state().mayBecome(next.state())) {
            throw new IllegalStateException("%s cannot become %s".formatted(status.state(), next.state()));
        }
        status = next;
        listener.accept(next);
    }
}
