package io.millrace.connect.record;

import java.util.List;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The transforms of a connector, in order, each with the predicate that decides whether it is applied (KIP-585).
 *
 * <p><b>Threads.</b> The task's thread only.
 *
 * @param <R> source or sink records
 */
public final class TransformChain<R extends ConnectRecord<R>> implements AutoCloseable {

    /**
     * One transform.
     *
     * @param predicate null: applied to every record
     * @param negate whether it is applied where the predicate does not hold
     * @param type the class of the transform, which may be wrapped
     */
    public record Step<R extends ConnectRecord<R>>(
            Transformation<R> transformation, @Nullable Predicate<R> predicate, boolean negate, Class<?> type) {

        private @Nullable R apply(R record) {
            boolean wanted = predicate == null || predicate.test(record) != negate;
            return wanted ? transformation.apply(record) : record;
        }
    }

    private final List<Step<R>> steps;

    public TransformChain(List<Step<R>> steps) {
        this.steps = List.copyOf(steps);
    }

    /** The record after all transforms; null when one of them dropped it, or when it failed and is skipped. */
    public <T> @Nullable R apply(R record, Attempt<T> attempt, ErrorTolerance<T> errors) {
        R current = record;
        for (Step<R> step : steps) {
            R input = current;
            R output = errors.run(attempt, Stage.TRANSFORMATION, step.type(), () -> step.apply(input));
            if (output == null) {
                return null;
            }
            current = output;
        }
        return current;
    }

    @Override
    public void close() {
        for (Step<R> step : steps) {
            step.transformation().close();
            if (step.predicate() != null) {
                step.predicate().close();
            }
        }
    }
}
