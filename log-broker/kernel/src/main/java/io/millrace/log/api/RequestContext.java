package io.millrace.log.api;

import io.millrace.log.types.Promise;

/**
 * What a handler may know of a request beside its body. Valid until the request's promise completes.
 */
public interface RequestContext {

    /** API version of the request, within the handler's range. */
    short version();

    /** Empty if the client gave none. */
    String clientId();

    /** Whom the client has proved to be; without authentication, everybody is ANONYMOUS. */
    String user();

    /** Length of the request. */
    int frameBytes();

    /** The time that the connection's requests took and that was not asked for before. */
    long takeBusyNanos();

    /** The answer tells the client to hold still for so long, and it is not read from meanwhile. */
    void throttle(long millis);

    /** The peer's address, as {@code DescribeGroups} shows it. */
    String clientHost();

    /** The address of ours that the client reached. */
    String localHost();

    /** Unique for the life of the process; a client's sessions are bound to it. */
    long connection();

    /** Completes when the connection ends: what was kept for it is of no use any more. */
    Promise<Boolean> disconnected();

    /** Completes when the connection ends before the answer is there: who parked the request lets it go. */
    Promise<Boolean> abandoned();

    /** Whatever the handler's promise gives is not sent: the client does not expect an answer (acks=0). */
    void withoutAnswer();

    /** Ends the client's connection. {@code reason} says what was wrong with its bytes. */
    void closeConnection(String reason);
}
