package io.millrace.connect.record;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of a record's way (KIP-298): tries again what may pass, reports what fails, and then skips the record
 * or fails the task, as the policy says.
 *
 * <p><b>Threads.</b> The task's thread only.
 *
 * @param <T> the record as it came in
 */
public final class ErrorTolerance<T> {

    private static final long FIRST_DELAY_MS = 300;

    private final ErrorPolicy policy;
    private final List<ErrorReporter<T>> reporters;
    private final Patience patience;

    public ErrorTolerance(ErrorPolicy policy, List<ErrorReporter<T>> reporters, Patience patience) {
        this.policy = policy;
        this.reporters = List.copyOf(reporters);
        this.patience = patience;
    }

    /** Whether records that fail are skipped. */
    public boolean tolerant() {
        return policy.tolerant();
    }

    /**
     * Runs one step.
     *
     * @param executing the class whose step it is
     * @return what the step returned; null also when it failed and the record is skipped: ask {@link Attempt#failed()}
     * @throws ConnectException when it failed and failures are not tolerated
     */
    public <V extends @Nullable Object> @Nullable V run(
            Attempt<T> attempt, Stage stage, Class<?> executing, Callable<V> step) {
        try {
            return step.call();
        } catch (RetriableException e) {
            if (policy.retryTimeoutMs() != 0) {
                return runAgain(attempt, stage, executing, step);
            }
            giveUp(attempt, new RecordFailure(stage, executing, e));
        } catch (Exception e) {
            giveUp(attempt, new RecordFailure(stage, executing, e));
        }
        return null;
    }

    private <V extends @Nullable Object> @Nullable V runAgain(
            Attempt<T> attempt, Stage stage, Class<?> executing, Callable<V> step) {
        long delayMs = Math.min(FIRST_DELAY_MS, policy.retryDelayMaxMs());
        long waitedMs = 0;
        while (true) {
            boolean stopping = !patience.await(delayMs);
            waitedMs += delayMs;
            try {
                return step.call();
            } catch (RetriableException e) {
                boolean timeIsUp = policy.retryTimeoutMs() >= 0 && waitedMs >= policy.retryTimeoutMs();
                if (stopping || timeIsUp) {
                    giveUp(attempt, new RecordFailure(stage, executing, e));
                    return null;
                }
            } catch (Exception e) {
                giveUp(attempt, new RecordFailure(stage, executing, e));
                return null;
            }
            delayMs = Math.min(delayMs * 2, policy.retryDelayMaxMs());
        }
    }

    /** Reports a failure that a plugin told of itself, and skips the record or fails the task. */
    public void giveUp(Attempt<T> attempt, RecordFailure failure) {
        attempt.fail();
        for (ErrorReporter<T> reporter : reporters) {
            reporter.report(attempt, failure);
        }
        if (!policy.tolerant()) {
            throw new DataException(message(attempt, failure), failure.error());
        }
    }

    private static String message(Attempt<?> attempt, RecordFailure failure) {
        return "the record at %s cannot be handled: %s of %s failed: %s"
                .formatted(
                        attempt.position(),
                        failure.stage(),
                        failure.executing().getSimpleName(),
                        failure.error().getMessage());
    }
}
