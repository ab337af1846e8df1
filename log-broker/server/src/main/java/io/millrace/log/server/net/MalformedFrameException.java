package io.millrace.log.server.net;

/** The bytes of a client cannot be a Kafka request. */
final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message);
    }
}
