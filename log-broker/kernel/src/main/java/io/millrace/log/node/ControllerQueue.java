package io.millrace.log.node;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.Decision;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The controller's decisions, one at a time: the next is made over the image that holds the one before, so two requests
 * for the same name cannot both succeed. Lives on shard 0.
 */
final class ControllerQueue {

    /** A decision to be made; {@code refused} is told why its records did not reach the metadata log. */
    private final class Task<A> {
        private final Function<ClusterImage, Decision<A>> decide;
        private final Function<String, A> refusal;
        private final Promise<A> answer = new Promise<>();
        private @Nullable A decided;

        Task(Function<ClusterImage, Decision<A>> decide, Function<String, A> refusal) {
            this.decide = decide;
            this.refusal = refusal;
        }

        /** Whether the task is over; if not, its records are proposed. */
        boolean start() {
            Decision<A> decision = decide.apply(image.get());
            if (decision.records().isEmpty()) {
                answer.complete(decision.answer());
                return true;
            }
            decided = decision.answer();
            lastProposal++;
            outbox.propose(lastProposal, decision.records());
            return false;
        }

        void committed() {
            if (decided == null) {
                throw new IllegalStateException("committed before it was decided");
            }
            answer.complete(decided);
        }

        void refused(String reason) {
            answer.complete(refusal.apply(reason));
        }
    }

    private final Supplier<ClusterImage> image;
    private final Outbox outbox;
    private final Deque<Task<?>> waiting = new ArrayDeque<>();
    private @Nullable Task<?> proposed;
    private long lastProposal;

    ControllerQueue(Supplier<ClusterImage> image, Outbox outbox) {
        this.image = image;
        this.outbox = outbox;
    }

    <A> Promise<A> decide(Function<ClusterImage, Decision<A>> decision, Function<String, A> refused) {
        Task<A> task = new Task<>(decision, refused);
        waiting.add(task);
        next();
        return task.answer;
    }

    /** The records of a proposal are committed, and applied to the image. */
    void committed(long proposal) {
        take(proposal).committed();
        next();
    }

    void refused(long proposal, String reason) {
        take(proposal).refused(reason);
        next();
    }

    private Task<?> take(long proposal) {
        Task<?> task = proposed;
        if (task == null || proposal != lastProposal) {
            throw new IllegalStateException("proposal " + proposal + " is not the one under way, " + lastProposal);
        }
        proposed = null;
        return task;
    }

    private void next() {
        while (proposed == null && !waiting.isEmpty()) {
            Task<?> task = waiting.remove();
            if (!task.start()) {
                proposed = task;
            }
        }
    }
}
