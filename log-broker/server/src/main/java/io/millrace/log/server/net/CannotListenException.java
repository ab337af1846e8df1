package io.millrace.log.server.net;

/** The address to listen on is taken, or is not one of this machine. The message is fit for a terminal. */
public final class CannotListenException extends Exception {

    private static final long serialVersionUID = 1L;

    CannotListenException(String host, int port, Throwable cause) {
        super(
                "Cannot listen on " + host + ":" + port + ", " + reason(cause)
                        + ": stop whoever uses it, or choose another address with --kafka-listen HOST:PORT.",
                cause);
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "the port is in use by another process";
        }
        return message.contains("assign requested address") ? "the host is not an address of this machine" : message;
    }
}
