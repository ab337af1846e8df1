package io.millrace.log.replica;

import io.millrace.log.storage.PartitionLog;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * Lets a producer begin a transaction in a partition only on the word of its coordinator (KIP-890), and keeps the
 * batches of each producer in their order meanwhile.
 *
 * <p>A word that was given before the end of an earlier transaction reached the partition is of no worth: it could be
 * of that transaction. It is asked for again.
 */
final class ProducerGate {

    /** A batch that waits. */
    private static final class Waiting {
        private final short epoch;
        private final boolean transactional;
        private final Supplier<Promise<Errors>> verify;
        private final Promise<Errors> answer = new Promise<>();
        private boolean stale;

        Waiting(short epoch, boolean transactional, Supplier<Promise<Errors>> verify) {
            this.epoch = epoch;
            this.transactional = transactional;
            this.verify = verify;
        }
    }

    private final PartitionLog log;
    /** By producer; the first of each is being verified. */
    private final Map<Long, Deque<Waiting>> waiting = new LinkedHashMap<>();

    ProducerGate(PartitionLog log) {
        this.log = log;
    }

    /**
     * Completes with NONE when the producer's next batch may be appended: within the call that completes it, or a later
     * one would come first. Else with the error of {@code verify}.
     */
    Promise<Errors> enter(long producerId, short epoch, boolean transactional, Supplier<Promise<Errors>> verify) {
        Deque<Waiting> before = waiting.get(producerId);
        if (before == null && !mustVerify(producerId, epoch, transactional)) {
            return Promise.of(Errors.NONE);
        }
        Waiting next = new Waiting(epoch, transactional, verify);
        if (before == null) {
            Deque<Waiting> queue = new ArrayDeque<>();
            queue.add(next);
            waiting.put(producerId, queue);
            verify(producerId, next);
        } else {
            before.add(next);
        }
        return next.answer;
    }

    private boolean mustVerify(long producerId, short epoch, boolean transactional) {
        return transactional && !log.hasTransaction(producerId, epoch);
    }

    private void verify(long producerId, Waiting first) {
        first.stale = false;
        first.verify.get().whenDone(error -> verified(producerId, first, error));
    }

    private void verified(long producerId, Waiting first, Errors error) {
        if (first.stale) {
            verify(producerId, first);
            return;
        }
        first.answer.complete(error);
        next(producerId);
    }

    /** The first batch has been answered. */
    private void next(long producerId) {
        Deque<Waiting> queue = waiting.getOrDefault(producerId, new ArrayDeque<>());
        queue.poll();
        while (!queue.isEmpty()) {
            Waiting first = queue.peek();
            if (mustVerify(producerId, first.epoch, first.transactional)) {
                verify(producerId, first);
                return;
            }
            first.answer.complete(Errors.NONE);
            queue.poll();
        }
        waiting.remove(producerId);
    }

    /** A marker of the producer was appended. */
    void ended(long producerId) {
        Deque<Waiting> queue = waiting.get(producerId);
        if (queue != null) {
            queue.element().stale = true;
        }
    }
}
