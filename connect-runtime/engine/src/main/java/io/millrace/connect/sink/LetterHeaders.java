package io.millrace.connect.sink;

import io.millrace.connect.record.RecordFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a dead letter tell, under Kafka Connect's names (KIP-298), so that letters of both are read
 * alike; and, under a name of ours, how often the record has been replayed.
 *
 * <p>Each value is null where the letter does not tell: Kafka Connect and this runtime add the headers only when the
 * connector's config says so.
 *
 * @param topic where the record stood
 * @param partition -1 where the letter does not tell
 * @param offset -1 where the letter does not tell
 * @param connector whose letter it is
 * @param task -1 where the letter does not tell
 * @param stage at which it failed
 * @param executing the class that failed
 * @param exception the class of the exception
 * @param attempts how often it has been replayed
 */
public record LetterHeaders(
        @Nullable String topic,
        int partition,
        long offset,
        @Nullable String connector,
        int task,
        @Nullable String stage,
        @Nullable String executing,
        @Nullable String exception,
        @Nullable String message,
        @Nullable String stackTrace,
        int attempts) {

    private static final String PREFIX = "__connect.errors.";
    private static final String ATTEMPTS = "__millrace.letter.attempts";

    /** Reads the headers of a letter. */
    public static LetterHeaders of(Headers headers) {
        return new LetterHeaders(
                text(headers, "topic"),
                (int) ReplayTopic.number(headers, PREFIX + "partition"),
                ReplayTopic.number(headers, PREFIX + "offset"),
                text(headers, "connector.name"),
                (int) ReplayTopic.number(headers, PREFIX + "task.id"),
                text(headers, "stage"),
                text(headers, "class.name"),
                text(headers, "exception.class.name"),
                text(headers, "exception.message"),
                text(headers, "exception.stacktrace"),
                (int) Math.max(0, ReplayTopic.number(headers, ATTEMPTS)));
    }

    private static @Nullable String text(Headers headers, String name) {
        return ReplayTopic.text(headers, PREFIX + name);
    }

    /** The headers that the record had before it became a letter. */
    public static Headers before(Headers headers) {
        return ReplayTopic.without(headers, PREFIX, ATTEMPTS);
    }

    /** Adds how often the record has been replayed. */
    static void addAttempts(Headers headers, int attempts) {
        if (attempts > 0) {
            ReplayTopic.add(headers, ATTEMPTS, Integer.toString(attempts));
        }
    }

    /**
     * Adds where the record stood and what went wrong.
     *
     * @param shown masks the secrets in messages and stack traces
     */
    static void addContext(
            Headers headers,
            ReplayTopic.Origin origin,
            DeadLetters.Address writer,
            RecordFailure failed,
            UnaryOperator<String> shown) {
        Throwable error = failed.error();
        add(headers, "topic", origin.topic());
        add(headers, "partition", Integer.toString(origin.partition()));
        add(headers, "offset", Long.toString(origin.offset()));
        add(headers, "connector.name", writer.connector());
        add(headers, "task.id", Integer.toString(writer.task()));
        add(headers, "stage", failed.stage().name());
        add(headers, "class.name", failed.executing().getName());
        add(headers, "exception.class.name", error.getClass().getName());
        String message = error.getMessage();
        add(headers, "exception.message", message == null ? null : shown.apply(message));
        add(headers, "exception.stacktrace", shown.apply(stackTrace(error)));
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        ReplayTopic.add(headers, PREFIX + name, value);
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
