package io.millrace.log.group;

/**
 * Who sends a request.
 *
 * @param clientId as in the request's header; empty if it had none
 * @param clientHost the peer's address, as DescribeGroups shows it
 * @param version API version of the request, and so of its answer
 */
public record Caller(String clientId, String clientHost, short version) {}
