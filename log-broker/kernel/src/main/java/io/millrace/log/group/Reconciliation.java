package io.millrace.log.group;

/**
 * How far a member of a {@link ConsumerGroup} has come towards its target (KIP-848). {@link Reconciler} alone moves a
 * member from one to the other:
 *
 * <pre>
 *   STABLE                 the member has what the target of its epoch gives it
 *   UNREVOKED_PARTITIONS   it must give partitions up, and stays in its epoch until it has
 *   UNRELEASED_PARTITIONS  it is in the target's epoch, and waits for partitions that others have not given up yet
 *   UNKNOWN                a state that a later version wrote: the member is fenced and begins anew
 * </pre>
 */
enum Reconciliation {
    STABLE(0),
    UNREVOKED_PARTITIONS(1),
    UNRELEASED_PARTITIONS(2),
    UNKNOWN(127);

    private final byte code;

    Reconciliation(int code) {
        this.code = (byte) code;
    }

    /** As it stands in the log. */
    byte code() {
        return code;
    }

    static Reconciliation ofCode(byte code) {
        for (Reconciliation each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
