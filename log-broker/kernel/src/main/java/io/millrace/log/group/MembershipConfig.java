package io.millrace.log.group;

/**
 * What members of classic groups may ask for.
 *
 * @param sessionTimeoutMinMs {@code group.min.session.timeout.ms}
 * @param sessionTimeoutMaxMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs how long an empty group waits for more members after the first
 *     ({@code group.initial.rebalance.delay.ms})
 * @param membersMax members of one group ({@code group.max.size})
 * @param newMemberJoinTimeoutMs how long a new member may wait to be let in
 */
public record MembershipConfig(
        int sessionTimeoutMinMs,
        int sessionTimeoutMaxMs,
        int initialRebalanceDelayMs,
        int membersMax,
        int newMemberJoinTimeoutMs) {

    /** Kafka's defaults. */
    public static final MembershipConfig DEFAULT =
            new MembershipConfig(6_000, 1_800_000, 3_000, Integer.MAX_VALUE, 300_000);

    public MembershipConfig {
        require(sessionTimeoutMinMs >= 1, "group.min.session.timeout.ms must be at least 1", sessionTimeoutMinMs);
        require(
                sessionTimeoutMaxMs >= sessionTimeoutMinMs,
                "group.max.session.timeout.ms must not be below group.min.session.timeout.ms",
                sessionTimeoutMaxMs);
        require(
                initialRebalanceDelayMs >= 0,
                "group.initial.rebalance.delay.ms must not be negative",
                initialRebalanceDelayMs);
        require(membersMax >= 1, "group.max.size must be at least 1", membersMax);
        require(
                newMemberJoinTimeoutMs >= 1,
                "the time for a new member to join must be at least 1 ms",
                newMemberJoinTimeoutMs);
    }

    private static void require(boolean holds, String rule, int value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", is " + value);
        }
    }
}
