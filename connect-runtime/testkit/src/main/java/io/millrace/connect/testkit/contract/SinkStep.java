package io.millrace.connect.testkit.contract;

import java.util.Arrays;
import java.util.List;

/**
 * The steps of one turn of a sink, in their order; after each of them a task's life may end.
 *
 * <p>{@link SinkRun} has a case for each, and {@link SinkContract} ends a task after each: a step that is added here is
 * a kill point, or does not compile.
 */
public enum SinkStep {

    /** The task has been initialised and started. */
    START,

    /** The task was given partitions. */
    OPEN,

    /** The log goes on where the task asked for it. */
    REWIND,

    /** A batch was read. */
    READ,

    /** The task has taken the first half of the batch, and is still in {@code put}. */
    PUT_PART,

    /** The task has taken the batch. */
    PUT,

    /** The task has said which offsets are safe. */
    PRE_COMMIT,

    /** These offsets are committed. */
    COMMIT,

    /** A partition was taken away from the task; it comes back in the next turn. */
    CLOSE;

    /** The steps that there are for a sink that keeps its offsets with its data, and so asks to go on there, or not. */
    static List<SinkStep> of(boolean keepsOffsets) {
        return Arrays.stream(values())
                .filter(step -> keepsOffsets || step != REWIND)
                .toList();
    }
}
