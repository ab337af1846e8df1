package io.millrace.log.group;

/**
 * Where a classic group stands. Legal transitions:
 *
 * <pre>
 *   EMPTY                 -> PREPARING_REBALANCE    the first member joins
 *   PREPARING_REBALANCE   -> COMPLETING_REBALANCE   all members have joined again, or the time to join is over
 *   PREPARING_REBALANCE   -> EMPTY                  the time to join is over, and nobody is left
 *   COMPLETING_REBALANCE  -> STABLE                 the leader's assignment is committed
 *   COMPLETING_REBALANCE  -> PREPARING_REBALANCE    a member joins, leaves, fails or changes; the assignment is lost
 *   STABLE                -> PREPARING_REBALANCE    a member joins, leaves, fails or changes; the leader joins again
 *   any                   -> DEAD                   the group is deleted, or its coordinator moves away
 * </pre>
 *
 * DEAD is final. The labels are those of DescribeGroups and ListGroups.
 */
public enum GroupState {
    EMPTY("Empty"),
    PREPARING_REBALANCE("PreparingRebalance"),
    COMPLETING_REBALANCE("CompletingRebalance"),
    STABLE("Stable"),
    DEAD("Dead");

    private final String label;

    GroupState(String label) {
        this.label = label;
    }

    /** The name on the wire. */
    public String label() {
        return label;
    }

    boolean canBecome(GroupState next) {
        return switch (this) {
            case EMPTY -> next == PREPARING_REBALANCE || next == DEAD;
            case PREPARING_REBALANCE -> next == COMPLETING_REBALANCE || next == EMPTY || next == DEAD;
            case COMPLETING_REBALANCE -> next == STABLE || next == PREPARING_REBALANCE || next == DEAD;
            case STABLE -> next == PREPARING_REBALANCE || next == DEAD;
            case DEAD -> false;
        };
    }
}
