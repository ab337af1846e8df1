package io.millrace.log.group;

/**
 * How long a member may be silent.
 *
 * @param rebalanceMs how long a rebalance waits for the member to join again
 * @param sessionMs how long the member lives without a heartbeat
 */
public record MemberTimeouts(int rebalanceMs, int sessionMs) {}
