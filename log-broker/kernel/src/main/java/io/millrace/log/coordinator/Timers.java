package io.millrace.log.coordinator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of one {@link ReplicatedState}, each under a key. Equal deadlines fall due in the order in which they were
 * set. Nothing runs by itself: the shard fires what is due when it is stepped. Timers are not replicated; a state sets
 * them anew when it is loaded.
 */
public final class Timers {

    /** What happens at a deadline. */
    @FunctionalInterface
    public interface Task {
        Decision fire(long nowMs);
    }

    private record Entry(Object key, long deadlineMs, long sequence, Task task) {}

    private final Map<Object, Entry> byKey = new HashMap<>();
    private final TreeSet<Entry> byDeadline =
            new TreeSet<>(Comparator.comparingLong(Entry::deadlineMs).thenComparingLong(Entry::sequence));
    private long sequence;

    /**
     * Sets a deadline, in place of the one that stands under the same key.
     *
     * @param key a value with {@code equals}, such as a record
     */
    public void schedule(Object key, long deadlineMs, Task task) {
        cancel(key);
        Entry entry = new Entry(key, deadlineMs, sequence++, task);
        byKey.put(key, entry);
        byDeadline.add(entry);
    }

    /** Takes a deadline away; does nothing if there is none. */
    public void cancel(Object key) {
        Entry entry = byKey.remove(key);
        if (entry != null) {
            byDeadline.remove(entry);
        }
    }

    /** The next deadline, {@link Long#MAX_VALUE} if there is none. */
    public long nextDeadlineMs() {
        return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadlineMs();
    }

    /** Takes the first task that is due; null if none is. */
    @Nullable
    Task takeDue(long nowMs) {
        if (nextDeadlineMs() > nowMs) {
            return null;
        }
        Entry entry = byDeadline.removeFirst();
        byKey.remove(entry.key());
        return entry.task();
    }
}
