package io.millrace.log.transaction;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Requests that begin a transaction while the one before is still being completed, as is common in version 2. They wait
 * a moment rather than have their clients come again: a completion takes as long as a sync or two.
 */
final class CompletionWaits {

    private static final long WAIT_MS_MAX = 1_000;
    private static final long AT_ONCE = 0;

    /** One request, told apart from others by its number. */
    private record Key(String transactionalId, long number) {}

    private record Waiting(Key key, Deadlines.Task retry, Consumer<Errors> giveUp) {}

    private final Deadlines deadlines;
    private final Map<String, List<Waiting>> waiting = new TreeMap<>();
    private long lastNumber;

    CompletionWaits(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * Waits for the end of the transaction that is being completed.
     *
     * @param retry decides again, if it comes in time
     * @param giveUp told CONCURRENT_TRANSACTIONS if it does not, or why nobody waits any more
     */
    void add(String transactionalId, long nowMs, Deadlines.Task retry, Consumer<Errors> giveUp) {
        lastNumber++;
        Waiting one = new Waiting(new Key(transactionalId, lastNumber), retry, giveUp);
        waiting.computeIfAbsent(transactionalId, _ -> new ArrayList<>()).add(one);
        deadlines.set(one.key(), nowMs + WAIT_MS_MAX, _ -> {
            remove(one);
            giveUp.accept(Errors.CONCURRENT_TRANSACTIONS);
            return Decision.NOTHING;
        });
    }

    private void remove(Waiting one) {
        waiting.computeIfPresent(one.key().transactionalId(), (_, all) -> {
            all.remove(one);
            return all.isEmpty() ? null : all;
        });
    }

    /** An id is in another state now. Who waited decides in a step of its own. */
    void follow(String transactionalId, @Nullable TransactionState state) {
        List<Waiting> all = state instanceof Prepared ? null : waiting.remove(transactionalId);
        if (all != null) {
            all.forEach(each -> deadlines.set(each.key(), AT_ONCE, each.retry()));
        }
    }

    /** Nobody waits any more. */
    void end(Errors error) {
        waiting.values().forEach(all -> all.forEach(each -> each.giveUp().accept(error)));
        waiting.clear();
    }
}
