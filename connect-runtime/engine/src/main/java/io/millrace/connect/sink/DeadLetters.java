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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that could not be handled to the dead letter topic, byte for byte as they were, with headers of Kafka
 * Connect's names that tell where each came from and what went wrong (KIP-298). A letter that was replayed and failed
 * again is a new letter of the same record, which tells how often that was.
 *
 * <p>Offsets beyond a record are committed only when the log has its letter: {@link #awaitWritten()} comes before
 * every commit.
 */
public final class DeadLetters implements ErrorReporter<StoredRecord> {

    private final LogAppender appender;
    private final Address address;
    private final UnaryOperator<String> shown;
    private final ReplayTopic replays;
    private final AtomicReference<@Nullable LogFailure> failure = new AtomicReference<>();

    /**
     * Where letters go and who writes them.
     *
     * @param topic the dead letter topic
     * @param withContext whether headers tell what happened
     */
    public record Address(String topic, boolean withContext, String connector, int task) {}

    /**
     * @param shown masks the secrets in messages and stack traces
     */
    public DeadLetters(LogAppender appender, Address address, UnaryOperator<String> shown) {
        this.appender = appender;
        this.address = address;
        this.shown = shown;
        this.replays = ReplayTopic.of(address.connector());
    }

    @Override
    public void report(Attempt<StoredRecord> attempt, RecordFailure failed) {
        StoredRecord record = attempt.original();
        Payload payload = record.payload();
        ReplayTopic.Origin origin = replays.origin(record);
        Headers headers = new RecordHeaders(origin.headers());
        LetterHeaders.addAttempts(headers, origin.attempts());
        if (address.withContext()) {
            LetterHeaders.addContext(headers, origin, address, failed, shown);
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
