package io.millrace.log.storage;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how many sealed segments keep their files open, over all logs of one loop: those that were used last. Each has
 * three files at most. Besides them every log has its active segment open, and those that wait to be synced.
 *
 * <p><b>Threads.</b> Used by the loop that owns the logs.
 */
public final class OpenSegments {

    private final int max;
    /** Each with the log it belongs to, the one used last at the end. */
    private final Map<Segment, LogDurability> used = new LinkedHashMap<>();

    /**
     * @param max number of segments
     */
    public OpenSegments(int max) {
        this.max = max;
    }

    /**
     * To be called whenever a sealed segment may have opened its files.
     *
     * @param durability of its log: segments that are to be synced stay open
     */
    void use(Segment segment, LogDurability durability) {
        used.remove(segment);
        used.put(segment, durability);
        Iterator<Map.Entry<Segment, LogDurability>> oldest = used.entrySet().iterator();
        while (used.size() > max && oldest.hasNext()) {
            Map.Entry<Segment, LogDurability> candidate = oldest.next();
            if (candidate.getKey() != segment && !candidate.getValue().isPending(candidate.getKey())) {
                candidate.getKey().close();
                oldest.remove();
            }
        }
    }

    void forget(Segment segment) {
        used.remove(segment);
    }
}
