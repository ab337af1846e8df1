package io.millrace.platform;

/**
 * Something that the person at the terminal can put right: one sentence that says what is wrong, where, and what to do.
 * Ends the program with exit code 1 and without a stack trace.
 */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String sentence) {
        super(sentence);
    }

    public UserError(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
