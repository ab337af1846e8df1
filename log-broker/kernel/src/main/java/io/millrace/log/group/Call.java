package io.millrace.log.group;

import java.util.function.Consumer;

/**
 * A request to the coordinator of its group, and the way back. The answer is sent exactly once, now or later.
 *
 * @param <Q> the request's body
 * @param <A> the answer's body
 */
public record Call<Q, A>(long nowMs, Caller caller, Q request, Consumer<A> answer) {}
