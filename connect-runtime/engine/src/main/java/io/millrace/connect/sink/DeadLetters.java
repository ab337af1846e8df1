package io.millrace.connect.sink;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorReporter;
import io.millrace.connect.record.RecordFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that could not be handled to the dead letter topic, byte for byte as they were, with headers of Kafka
 * Connect's names that tell where each came from and what went wrong (KIP-298).
 *
 * <p>Offsets beyond a record are committed only when the log has its letter: {@link #awaitWritten()} comes before
 * every commit.
 */
public final class DeadLetters implements ErrorReporter<StoredRecord> {

    private static final String PREFIX = "__connect.errors.";

    private final LogAppender appender;
    private final Address address;
    private final AtomicReference<@Nullable LogFailure> failure = new AtomicReference<>();

    /**
     * Where letters go and who writes them.
     *
     * @param topic the dead letter topic
     * @param withContext whether headers tell what happened
     */
    public record Address(String topic, boolean withContext, String connector, int task) {}

    public DeadLetters(LogAppender appender, Address address) {
        this.appender = appender;
        this.address = address;
    }

    @Override
    public void report(Attempt<StoredRecord> attempt, RecordFailure failed) {
        StoredRecord record = attempt.original();
        Payload payload = record.payload();
        Headers headers = new RecordHeaders(payload.headers());
        if (address.withContext()) {
            addContext(headers, record, failed);
        }
        Long timestampMs = record.timestampMs() < 0 ? null : record.timestampMs();
        OutgoingRecord letter = new OutgoingRecord(
                address.topic(), null, timestampMs, new Payload(payload.key(), payload.value(), headers));
        appender.append(List.of(letter), new AppendListener() {
            @Override
            public void acknowledged(int index, AppendedAt position) {
                // Whether all are written is asked before a commit.
            }

            @Override
            public void failed(int index, LogFailure cause) {
                failure.compareAndSet(null, cause);
            }
        });
    }

    private void addContext(Headers headers, StoredRecord record, RecordFailure failed) {
        Throwable error = failed.error();
        add(headers, "topic", record.partition().topic());
        add(headers, "partition", Integer.toString(record.partition().partition()));
        add(headers, "offset", Long.toString(record.offset()));
        add(headers, "connector.name", address.connector());
        add(headers, "task.id", Integer.toString(address.task()));
        add(headers, "stage", failed.stage().name());
        add(headers, "class.name", failed.executing().getName());
        add(headers, "exception.class.name", error.getClass().getName());
        add(headers, "exception.message", error.getMessage());
        add(headers, "exception.stacktrace", stackTrace(error));
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        headers.add(PREFIX + name, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /**
     * Returns when the log has every letter.
     *
     * @throws LogFailure when it did not take one
     */
    void awaitWritten() {
        appender.flush();
        LogFailure failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    void close(Duration timeout) {
        appender.close(timeout);
    }
}
