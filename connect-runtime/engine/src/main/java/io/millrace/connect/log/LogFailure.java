package io.millrace.connect.log;

import org.jspecify.annotations.Nullable;

/** The log did not do what it was asked. What the caller should do is told by {@link #category()}. */
public final class LogFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a failure means for the one who asked. */
    public enum Category {
        /** May pass by itself: no leader, no answer in time, a node down. */
        RETRY,
        /** This request will never succeed: too large, not allowed, no such topic. */
        REJECT,
        /** Another one took over the place of this client: it must stop. */
        STOP_TASK
    }

    private final Category category;

    public LogFailure(Category category, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
