package io.millrace.connect.task;

import java.util.EnumSet;
import java.util.Set;

/**
 * The state of a connector or of one of its tasks, under Kafka Connect's names.
 *
 * <pre>
 * UNASSIGNED -> RUNNING | PAUSED | STOPPED | FAILED
 * RUNNING    -> PAUSED | STOPPED | FAILED | RESTARTING | UNASSIGNED
 * PAUSED     -> RUNNING | STOPPED | FAILED | RESTARTING | UNASSIGNED
 * STOPPED    -> RUNNING | PAUSED | FAILED | RESTARTING | UNASSIGNED
 * FAILED     -> RESTARTING | STOPPED | PAUSED | UNASSIGNED
 * RESTARTING -> RUNNING | PAUSED | STOPPED | FAILED | UNASSIGNED
 * </pre>
 */
public enum RunState {
    /** Nobody runs it. */
    UNASSIGNED,
    /** It runs. */
    RUNNING,
    /** It is held, and ready to go on. */
    PAUSED,
    /** It was let go of; only its config and its positions are left. */
    STOPPED,
    /** It threw; what comes next is told by its status. */
    FAILED,
    /** It is being made again. */
    RESTARTING;

    /** Whether this state may be followed by the other. */
    public boolean mayBecome(RunState next) {
        return successors().contains(next);
    }

    private Set<RunState> successors() {
        return switch (this) {
            case UNASSIGNED -> EnumSet.of(RUNNING, PAUSED, STOPPED, FAILED);
            case RUNNING -> EnumSet.of(PAUSED, STOPPED, FAILED, RESTARTING, UNASSIGNED);
            case PAUSED -> EnumSet.of(RUNNING, STOPPED, FAILED, RESTARTING, UNASSIGNED);
            case STOPPED -> EnumSet.of(RUNNING, PAUSED, FAILED, RESTARTING, UNASSIGNED);
            case FAILED -> EnumSet.of(RESTARTING, STOPPED, PAUSED, UNASSIGNED);
            case RESTARTING -> EnumSet.of(RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED);
        };
    }
}
