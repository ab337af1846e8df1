package io.millrace.connect;

/** The worker did not start. The message is one sentence for whoever started it. */
public final class WorkerFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WorkerFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
