package io.millrace.connect.source;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.TransactionalAppender;
import io.millrace.connect.offset.ConnectorPositions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Ends transactions, each with the positions that its records have reached: readers see both or neither.
 *
 * <p><b>Threads.</b> The task's.
 */
public final class TransactionStage {

    private final TaskName name;
    private final TransactionalAppender appender;
    private final ConnectorPositions positions;
    private final Runnable fence;
    private final Map<Map<String, ?>, Map<String, ?>> reached = new HashMap<>();

    /**
     * Whose transactions they are.
     *
     * @param transactionalId the id that the log knows the task by
     */
    public record TaskName(String connector, int task, String transactionalId) {}

    /**
     * @param fence keeps the tasks of an older set of the connector from writing; returns when that is done
     */
    public TransactionStage(
            TaskName name, TransactionalAppender appender, ConnectorPositions positions, Runnable fence) {
        this.name = name;
        this.appender = appender;
        this.positions = positions;
        this.fence = fence;
    }

    /** Keeps every earlier task from writing. What the source reads of its positions after that stays true. */
    void takeOver() {
        fence.run();
        explaining(appender::takeOver);
    }

    /**
     * Refuses a record for the topic of positions: while its transaction is open, a task that reads its positions waits
     * for the end of it.
     */
    void requireNotForPositions(OutgoingRecord record) {
        if (record.topic().equals(positions.topic())) {
            throw new ConfigException("the source writes to topic " + record.topic()
                    + ", which holds its positions: it cannot do that in a transaction, give it another topic");
        }
    }

    /** The record was appended, or dropped on purpose. */
    void reached(SourceRecord record) {
        if (record.sourcePartition() != null && record.sourceOffset() != null) {
            reached.put(record.sourcePartition(), record.sourceOffset());
        }
    }

    /** Returns when the log has what was appended, and the positions reached. */
    void commit() {
        if (!reached.isEmpty()) {
            append(positions.records(reached));
        }
        explaining(appender::commit);
        if (!reached.isEmpty()) {
            positions.committed(Map.copyOf(reached));
        }
        reached.clear();
    }

    private void append(List<OutgoingRecord> records) {
        AtomicReference<@Nullable LogFailure> refused = new AtomicReference<>();
        explaining(() -> appender.append(records, new AppendListener() {
            @Override
            public void acknowledged(int index, AppendedAt position) {
                // The commit waits for all answers.
            }

            @Override
            public void failed(int index, LogFailure failure) {
                refused.compareAndSet(null, failure);
            }
        }));
        appender.flush();
        LogFailure failure = refused.get();
        if (failure != null) {
            throw explained(failure);
        }
    }

    /** Drops what was appended; the positions reached stay, for the next commit. */
    void abort() {
        explaining(appender::abort);
    }

    /** Does the call; a failure says what to do about it where the log no longer takes anything from this task. */
    void explaining(Runnable call) {
        try {
            call.run();
        } catch (LogFailure e) {
            throw explained(e);
        }
    }

    private LogFailure explained(LogFailure failure) {
        if (failure.category() != LogFailure.Category.STOP_TASK) {
            return failure;
        }
        return new LogFailure(
                failure.category(),
                ("the task was fenced: another task writes as %s, or a transaction took longer than the"
                                + " transaction.timeout.ms of the producer. If no other worker runs the connector,"
                                + " restart the task; if its transactions are too long, raise"
                                + " producer.override.transaction.timeout.ms or end them sooner")
                        .formatted(name.transactionalId()),
                failure);
    }
}
