package io.millrace.log.storage;

/** The topic key {@code cleanup.policy}: what becomes of old records. */
public enum CleanupPolicy {
    DELETE(true, false),
    COMPACT(false, true),
    COMPACT_AND_DELETE(true, true);

    private final boolean deletes;
    private final boolean compacts;

    CleanupPolicy(boolean deletes, boolean compacts) {
        this.deletes = deletes;
        this.compacts = compacts;
    }

    /** Whether segments are deleted by age and by the size of the log. */
    public boolean deletes() {
        return deletes;
    }

    /** Whether the last record of each key is kept, whatever its age. */
    public boolean compacts() {
        return compacts;
    }
}
