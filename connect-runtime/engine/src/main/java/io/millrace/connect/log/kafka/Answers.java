package io.millrace.connect.log.kafka;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.LogFailure.Category;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Turns what the Kafka client says into values and failures of the log's vocabulary. */
final class Answers {

    private Answers() {}

    /** Waits for the answer; the client's own timeout bounds the wait. */
    static <T> T await(KafkaFuture<T> answer, String what) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failure(what, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailure(Category.RETRY, "interrupted while trying to " + what, e);
        }
    }

    static LogFailure failure(String what, Throwable cause) {
        return new LogFailure(category(cause), "could not %s: %s".formatted(what, messageOf(cause)), cause);
    }

    private static String messageOf(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static Category category(Throwable cause) {
        if (isFenced(cause)) {
            return Category.STOP_TASK;
        }
        boolean passing = cause instanceof RetriableException
                || cause instanceof TimeoutException
                || cause instanceof InterruptException
                || !(cause instanceof KafkaException);
        return passing ? Category.RETRY : Category.REJECT;
    }

    /** A producer that was fenced gives that as the cause of whatever it is asked for later. */
    private static boolean isFenced(@Nullable Throwable cause) {
        return cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException
                || cause instanceof FencedInstanceIdException
                || (cause instanceof KafkaException && isFenced(cause.getCause()));
    }

    /** Waits before asking again. */
    static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailure(Category.RETRY, "interrupted while waiting for the log", e);
        }
    }
}
