package io.millrace.connect.cluster;

/** A request that was not done, and why. The message is for whoever asked. */
public final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of answer it is. */
    public enum Reason {
        /** What the request names does not exist. */
        NOT_FOUND,
        /** It is at odds with what is there. */
        CONFLICT,
        /** It can never be done as it is. */
        INVALID,
        /** A plugin or the log did not answer in time, or failed. */
        FAILED
    }

    private final Reason reason;

    public RequestRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    static RequestRefused noConnector(String name) {
        return notFound("Connector " + name + " not found");
    }

    static RequestRefused notFound(String message) {
        return new RequestRefused(Reason.NOT_FOUND, message);
    }
}
