package io.millrace.log.transaction;

import java.util.function.Consumer;

/**
 * A request to the coordinator of its transactional id, and the way back. The answer is sent exactly once, now or
 * later, unless the coordinator is unloaded before.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public record TransactionCall<Q, A>(long nowMs, Q request, Consumer<A> answer) {}
