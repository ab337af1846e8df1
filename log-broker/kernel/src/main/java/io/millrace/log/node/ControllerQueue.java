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

    /**
     * The records of a proposal are committed, and applied to the image. A proposal that was given up before, because
     * nobody knew what had become of it, may still be committed: its answer is gone.
     */
    void committed(long proposal) {
        Task<?> task = take(proposal);
        if (task != null) {
            task.committed();
            next();
        }
    }

    void refused(long proposal, String reason) {
        Task<?> task = take(proposal);
        if (task != null) {
            task.refused(reason);
            next();
        }
    }

    private @Nullable Task<?> take(long proposal) {
        if (proposal != lastProposal) {
            return null;
        }
        Task<?> task = proposed;
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
