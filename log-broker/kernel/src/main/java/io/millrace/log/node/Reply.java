package io.millrace.log.node;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * An answer before it is written: the body in the version of its request. Records in a Fetch answer are
 * {@link io.millrace.log.disk.Region}s wrapped for the protocol, released by whoever writes or drops the reply.
 *
 * @param correlationId as in the request's header
 * @param headerVersion 0 or 1; always 0 for ApiVersions
 * @param version API version of {@code body}
 */
public record Reply(int correlationId, short headerVersion, ApiMessage body, short version) {}
