package io.millrace.log.coordinator;

import io.millrace.log.types.Timers;
import java.util.Comparator;
import java.util.TreeSet;

/** Time that moves by hand: nothing is due before {@link #advance}. */
public final class SimTimers implements Timers {

    private record Entry(long deadline, long sequence, Runnable action) {}

    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparingLong(Entry::deadline).thenComparingLong(Entry::sequence));
    private long now = 1_700_000_000_000L;
    private long sequence;

    @Override
    public long now() {
        return now;
    }

    @Override
    public Timer at(long deadlineMillis, Runnable action) {
        Entry entry = new Entry(deadlineMillis, sequence++, action);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Moves the time on, and runs at its own time whatever falls due on the way. */
    public void advance(long millis) {
        long end = now + millis;
        while (!entries.isEmpty() && entries.first().deadline() <= end) {
            Entry entry = entries.removeFirst();
            now = Math.max(now, entry.deadline());
            entry.action().run();
        }
        now = end;
    }

    public int pending() {
        return entries.size();
    }
}
