package io.millrace.log.coordinator;

import java.util.List;

/**
 * Looks again and again for what a coordinator need not keep any longer. Each look writes a bounded number of records;
 * what is left over waits for the next.
 */
public final class Expiry {

    /** How many records a look may give. */
    public static final int RECORDS_MAX = 1000;

    private enum Key {
        NEXT_LOOK
    }

    /** Gives the tombstones of what is to be forgotten; once there are {@link #RECORDS_MAX}, it begins nothing new. */
    @FunctionalInterface
    public interface Look {
        List<CoordinatorRecord> expired(long nowMs);
    }

    private final Deadlines deadlines;
    private final long intervalMs;
    private final Look look;

    public Expiry(Deadlines deadlines, long intervalMs, Look look) {
        this.deadlines = deadlines;
        this.intervalMs = intervalMs;
        this.look = look;
    }

    /** Looks from now on, first when one interval has passed. */
    public void start(long nowMs) {
        deadlines.set(Key.NEXT_LOOK, nowMs + intervalMs, this::look);
    }

    private Decision look(long nowMs) {
        List<CoordinatorRecord> records = look.expired(nowMs);
        start(nowMs);
        return records.isEmpty() ? Decision.NOTHING : Decision.write(records);
    }
}
