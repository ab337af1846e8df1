package io.millrace.connect.source;

import io.millrace.connect.log.OutgoingRecord;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a source's pipeline: how converted records reach the log and their positions with them, and how
 * the source hears of it.
 *
 * <p><b>Life cycle.</b> {@link #open()} before the source is started and reads its positions, {@link #begin()} after;
 * then {@link #awaitRoom()}, {@link #deliver} and {@link #check()}, or {@link #idle()} while paused, again and again;
 * {@link #finish} after the last poll, and {@link #close} when the source has stopped.
 *
 * <p><b>Threads.</b> The task's; {@link #abort()} may come from any.
 *
 * <p><b>Errors.</b> Whatever a method throws fails the task.
 */
public sealed interface Delivery permits AcknowledgedDelivery, TransactionalDelivery {

    /** As many records may be unanswered by the log; beyond that polling waits. */
    int IN_FLIGHT_MAX = 20_000;

    /** How long a turn waits for room. */
    long ROOM_TIMEOUT_MS = 500;

    /**
     * A polled record, and what the stages made of it.
     *
     * @param outgoing null: it was dropped on purpose
     */
    record Converted(SourceRecord origin, @Nullable OutgoingRecord outgoing) {}

    void open();

    void begin();

    /** Since when the log has owed its oldest answer, in milliseconds since the epoch; -1: it owes none. Any thread. */
    long waitsSinceMs();

    /** Waits, for about half a second, until a poll may follow. Returns false when there is still no room. */
    boolean awaitRoom() throws InterruptedException;

    /** Takes what one poll gave, possibly nothing. */
    void deliver(List<Converted> polled) throws InterruptedException;

    /** Throws what kept a record from the log, if anything did. */
    void check();

    /** Whether all that was delivered is acknowledged, and its positions committed. */
    boolean settled();

    void idle() throws InterruptedException;

    /**
     * Commits what may be committed of what was delivered.
     *
     * @param healthy false after a failure
     */
    void finish(boolean healthy, Duration timeout) throws InterruptedException;

    void close(Duration timeout);

    /** From now on nothing reaches the log. */
    void abort();

    /** Only a source that overrides {@code commitRecord} has a use for the answer to each record. */
    static boolean hearsOfEachRecord(SourceTask task) {
        try {
            Class<?> type = task.getClass()
                    .getMethod(
                            "commitRecord", SourceRecord.class, org.apache.kafka.clients.producer.RecordMetadata.class)
                    .getDeclaringClass();
            return type != SourceTask.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
