package io.millrace.connect.record;

import java.util.function.Supplier;

/**
 * One record on its way through the stages. Made by the task's thread and used by it alone.
 *
 * @param <T> the record as it came in
 */
public final class Attempt<T> {

    private final T original;
    private final Supplier<String> position;
    private boolean failed;

    /**
     * @param position names the record for people, without its content: topic, partition and offset, or the source's
     *     position
     */
    public Attempt(T original, Supplier<String> position) {
        this.original = original;
        this.position = position;
    }

    /** The record as it came in. */
    public T original() {
        return original;
    }

    /** Names the record for people. */
    public String position() {
        return position.get();
    }

    /** Whether a stage failed: the record is skipped. */
    public boolean failed() {
        return failed;
    }

    void fail() {
        failed = true;
    }
}
