package io.millrace.log.node;

import io.millrace.log.types.Timers;
import java.util.Comparator;
import java.util.TreeSet;

/** The pending deadlines of one shard, in the order in which they are due. */
final class TimerQueue implements Timers {

    private record Entry(long deadlineMillis, long number, Runnable action) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::deadlineMillis).thenComparingLong(Entry::number);

    private final TreeSet<Entry> pending = new TreeSet<>(ORDER);
    private long scheduled;
    private long now;

    @Override
    public long now() {
        return now;
    }

    @Override
    public Timer at(long deadlineMillis, Runnable action) {
        scheduled++;
        Entry entry = new Entry(deadlineMillis, scheduled, action);
        pending.add(entry);
        return () -> pending.remove(entry);
    }

    /** Takes over the time of the step that begins. */
    void advanceTo(long nowMillis) {
        if (nowMillis < now) {
            throw new IllegalArgumentException("time went back from " + now + " to " + nowMillis);
        }
        now = nowMillis;
    }

    /** Runs what is due. An action scheduled meanwhile runs in this call only if it is due as well. */
    void runDue() {
        while (!pending.isEmpty() && pending.first().deadlineMillis() <= now) {
            pending.pollFirst().action().run();
        }
    }

    /** When the next action is due, {@link Long#MAX_VALUE} if none is pending. */
    long nextDeadline() {
        return pending.isEmpty() ? Long.MAX_VALUE : pending.first().deadlineMillis();
    }
}
