package io.millrace.log.server;

/** A broker could not start. The message is one sentence for the operator: what is wrong, where, and what to do. */
public final class BrokerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it could not. */
    public enum Kind {
        /** Another process works in the data directory. */
        DATA_DIRECTORY_IN_USE,
        /** The data directory cannot be read or written, or what is in it is damaged. */
        DATA_DIRECTORY_BROKEN,
        /** The address to listen on is taken, or not one of this machine. */
        ADDRESS_IN_USE,
        /** Everything is there, but the broker did not get ready in time. */
        NOT_READY
    }

    private final Kind kind;

    BrokerStartException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
