package io.millrace.log.transaction;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The states of one coordinator's transactional ids, as replayed from its log. Sorted, so that answers are too. */
final class TransactionTable {

    private final Map<String, TransactionState> states = new TreeMap<>();

    @Nullable
    TransactionState find(String transactionalId) {
        return states.get(transactionalId);
    }

    /** Whether the id is still in this state. */
    boolean isIn(String transactionalId, TransactionState state) {
        return state.equals(find(transactionalId));
    }

    void put(String transactionalId, TransactionState state) {
        states.put(transactionalId, state);
    }

    void remove(String transactionalId) {
        states.remove(transactionalId);
    }

    /** Shows every id with its state, as they are now. */
    void each(BiConsumer<String, TransactionState> action) {
        List.copyOf(states.entrySet()).forEach(each -> action.accept(each.getKey(), each.getValue()));
    }
}
