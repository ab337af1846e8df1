package io.millrace.log.coordinator;

import io.millrace.log.types.Timers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Deadlines of one {@link ReplicatedState}, each under a key: what they bring about is a {@link Decision}, executed by
 * the state's shard. Deadlines are not replicated; a state sets them anew when it is loaded, and they end with it: what
 * is set after that never fires.
 */
public final class Deadlines {

    /** What a deadline brings about. */
    @FunctionalInterface
    public interface Task {
        Decision fire(long nowMs);
    }

    private final Timers timers;
    private final Consumer<Decision> execute;
    private final Map<Object, Timers.Timer> byKey = new LinkedHashMap<>();
    private boolean ended;

    Deadlines(Timers timers, Consumer<Decision> execute) {
        this.timers = timers;
        this.execute = execute;
    }

    /**
     * Sets a deadline, in place of the one that stands under the same key.
     *
     * @param key a value with {@code equals}, such as a record
     */
    public void set(Object key, long deadlineMs, Task task) {
        cancel(key);
        if (ended) {
            return;
        }
        byKey.put(key, timers.at(deadlineMs, () -> {
            byKey.remove(key);
            execute.accept(task.fire(timers.now()));
        }));
    }

    /** Sets a deadline, unless one stands under the same key. */
    public void setIfAbsent(Object key, long deadlineMs, Task task) {
        if (!byKey.containsKey(key)) {
            set(key, deadlineMs, task);
        }
    }

    /** Takes a deadline away; does nothing if there is none. */
    public void cancel(Object key) {
        Timers.Timer timer = byKey.remove(key);
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Cancels all, for good. */
    void end() {
        ended = true;
        byKey.values().forEach(Timers.Timer::cancel);
        byKey.clear();
    }
}
