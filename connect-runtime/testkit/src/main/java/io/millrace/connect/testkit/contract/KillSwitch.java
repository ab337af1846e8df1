package io.millrace.connect.testkit.contract;

import org.jspecify.annotations.Nullable;

/** Counts the steps of one life, and ends it at the planned one. */
final class KillSwitch<S extends Enum<S>> {

    private final @Nullable Kill<S> kill;
    private int visits;

    /**
     * @param kill null for a life that nothing ends
     */
    KillSwitch(@Nullable Kill<S> kill) {
        this.kill = kill;
    }

    /** The step was reached at which the life ends. */
    static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** How often the step will have been taken when the life ends with the next time; 0 when it goes on after that. */
    int dueAt(S step) {
        return kill != null && kill.step() == step && kill.visit() == visits + 1 ? kill.visit() : 0;
    }

    /** The step was taken. */
    void passed(S step) {
        boolean due = dueAt(step) > 0;
        if (kill != null && kill.step() == step) {
            visits++;
        }
        if (due) {
            throw new Reached();
        }
    }
}
