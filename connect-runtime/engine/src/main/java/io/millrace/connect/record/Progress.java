package io.millrace.connect.record;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a connector or a task is doing now, and what it waits for, for those who watch it: a thread that is stuck in a
 * plugin cannot tell anybody.
 *
 * <p>Times are milliseconds since the epoch.
 *
 * <p><b>Threads.</b> Its own thread writes, any reads.
 */
public final class Progress {

    /** Shorter waits are how a plugin works, not what it waits for. */
    public static final long OVERDUE_MS = 4_000;

    private static final long NEVER = -1;

    private final LongSupplier clockMs;
    private volatile @Nullable Wait call;
    private final Map<String, Wait> refusals = new ConcurrentHashMap<>();
    private volatile @Nullable Wait idle;
    private volatile @Nullable Wait brake;
    private boolean steppedFreely;
    private volatile LongSupplier unansweredSinceMs = () -> NEVER;
    private volatile Map<TopicPartition, Long> delivered = Map.of();

    /**
     * Something that is waited for.
     *
     * @param reason what, in one sentence
     */
    public record Wait(String reason, long sinceMs) {

        /** Waiting that goes on, for whatever reason now; it begins now if there was none before. */
        public static Wait lasting(@Nullable Wait before, String reason, long nowMs) {
            return new Wait(reason, before == null ? nowMs : before.sinceMs());
        }
    }

    /** Work of a plugin. */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, E extends Exception> {
        T run() throws E;
    }

    /** Work of a plugin that gives nothing back. */
    @FunctionalInterface
    public interface VoidCall<E extends Exception> {
        void run() throws E;
    }

    /**
     * @param clockMs wall time
     */
    public Progress(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /**
     * Calls the plugin. Until it comes back the call is what is waited for.
     *
     * @param method for people: {@code poll()}
     */
    public <T extends @Nullable Object, E extends Exception> T during(String method, Call<T, E> work) throws E {
        Wait outer = call;
        call = new Wait(method, clockMs.getAsLong());
        try {
            return work.run();
        } finally {
            call = outer;
        }
    }

    /** The same, for work that gives nothing back. */
    public <E extends Exception> void doing(String method, VoidCall<E> work) throws E {
        during(method, () -> {
            work.run();
            return null;
        });
    }

    /** A call of the plugin has said that it does not want to go on for now. */
    public void refused(String method, String reason) {
        refusals.put(method, lasting(refusals.get(method), reason));
    }

    /** That call does again. */
    public void accepted(String method) {
        refusals.remove(method);
    }

    /** There is nothing to do, as far as can be known. */
    public void idles(String reason) {
        idle = lasting(idle, reason);
    }

    /** It has used up its quota, and is held back for a moment. */
    public void braked(String reason) {
        brake = lasting(brake, reason);
        steppedFreely = false;
    }

    /** It may take a turn: if it is not held back before the next one, it is no longer. */
    public void unbraked() {
        if (steppedFreely) {
            brake = null;
        }
        steppedFreely = true;
    }

    /** Records flow. */
    public void moves() {
        idle = null;
    }

    /** A new try: what the last one waited for says nothing any more. */
    public void begins() {
        refusals.clear();
        idle = null;
        brake = null;
        unansweredSinceMs = () -> NEVER;
        delivered = Map.of();
    }

    private Wait lasting(@Nullable Wait before, String reason) {
        return Wait.lasting(before, reason, clockMs.getAsLong());
    }

    /** Tells since when the log has owed its oldest answer; -1 while it owes none. May be called by any thread. */
    public void watchLog(LongSupplier sinceMs) {
        unansweredSinceMs = sinceMs;
    }

    /** How far a sink was given records: the offset after the last, of each partition. */
    public void gave(Map<TopicPartition, Long> offsets) {
        delivered = Map.copyOf(offsets);
    }

    /** What was last said of that. */
    public Map<TopicPartition, Long> delivered() {
        return delivered;
    }

    /** The call that the plugin has not come back from; empty while it is in none. */
    public Optional<Wait> call() {
        return Optional.ofNullable(call);
    }

    /** What keeps it from going on; empty while it moves or has nothing to do. */
    public Optional<Wait> obstacle() {
        Optional<Wait> refused = refusals.values().stream().min(Comparator.comparingLong(Wait::sinceMs));
        if (refused.isPresent()) {
            return refused;
        }
        long logMs = unansweredSinceMs.getAsLong();
        if (logMs != NEVER && overdue(logMs)) {
            return Optional.of(new Wait("the log has not acknowledged the records that it was sent", logMs));
        }
        Wait running = call;
        return running != null && overdue(running.sinceMs())
                ? Optional.of(new Wait(running.reason() + " of the plugin has not come back", running.sinceMs()))
                : Optional.empty();
    }

    private boolean overdue(long sinceMs) {
        return clockMs.getAsLong() - sinceMs >= OVERDUE_MS;
    }

    /** Why it does nothing, or not all it could; empty while records flow. */
    public Optional<Wait> idleness() {
        return Optional.ofNullable(brake).or(() -> Optional.ofNullable(idle));
    }
}
