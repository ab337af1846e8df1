package io.millrace.connect.cluster;

import io.millrace.connect.log.AppendedAt;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this worker wrote to a compacted topic and has not read back yet. It is applied when it is written; what the
 * topic says of the same key up to there is older, and must not undo it.
 *
 * <p><b>Threads.</b> Any.
 */
final class OwnWrites {

    /** Writes of one key: how many are not answered, and the offset of the newest that is; -1 for none. */
    private static final class Pending {
        private int unanswered;
        private long newest = -1;
    }

    private final Map<String, Pending> pending = new HashMap<>();

    /** A write begins. */
    synchronized void begun(String key) {
        pending.computeIfAbsent(key, same -> new Pending()).unanswered++;
    }

    /**
     * A write was answered.
     *
     * @param position where it stands; null if the log is not known to have it
     */
    synchronized void answered(String key, @Nullable AppendedAt position) {
        Pending writes = pending.get(key);
        if (writes != null) {
            writes.unanswered--;
            writes.newest = Math.max(writes.newest, position == null ? -1 : position.offset());
            if (writes.unanswered == 0 && writes.newest < 0) {
                pending.remove(key);
            }
        }
    }

    /** Whether a record of the topic, read in order, is not newer than what this worker last wrote of its key. */
    synchronized boolean supersede(String key, long offset) {
        Pending writes = pending.get(key);
        if (writes == null) {
            return false;
        }
        if (writes.unanswered == 0 && offset >= writes.newest) {
            pending.remove(key);
        }
        return writes.unanswered > 0 || offset <= writes.newest;
    }
}
