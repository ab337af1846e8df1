package io.millrace.connect.source;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.RecordFailure;
import io.millrace.connect.record.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At least once: as the log acknowledges records, their positions are committed, and the source is told. Positions
 * follow records, so what was under way at a crash is polled again.
 */
public final class AcknowledgedDelivery implements Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(AcknowledgedDelivery.class);

    private final SourceTask task;
    private final AppendStage append;
    private final CommitStage commit;
    private final ErrorTolerance<SourceRecord> errors;
    private final FlushTimer timer;
    private FlushTimer.@Nullable Ticks ticks;

    /** Calls the commit stage's flush at every interval. */
    @FunctionalInterface
    public interface FlushTimer {

        /** Starts the calls; closing what it returns ends them. */
        Ticks start(Runnable flush);

        /** Calls that go on until closed. */
        @FunctionalInterface
        interface Ticks extends AutoCloseable {
            @Override
            void close();
        }
    }

    /**
     * @param task told of what the log has
     * @param errors what is done with records that the log refuses
     * @param timer starts the ticks of {@link CommitStage#flush()}; what it returns ends them
     */
    public AcknowledgedDelivery(
            SourceTask task,
            AppendStage append,
            CommitStage commit,
            ErrorTolerance<SourceRecord> errors,
            FlushTimer timer) {
        this.task = task;
        this.append = append;
        this.commit = commit;
        this.errors = errors;
        this.timer = timer;
    }

    private PositionLedger ledger() {
        return commit.ledger();
    }

    @Override
    public void open() {
        append.keepAnswers(Delivery.hearsOfEachRecord(task));
    }

    @Override
    public void begin() {
        ticks = timer.start(commit::flush);
    }

    @Override
    public long waitsSinceMs() {
        return ledger().waitsSinceMs();
    }

    @Override
    public boolean awaitRoom() throws InterruptedException {
        tellSource();
        return ledger().awaitFewerThan(IN_FLIGHT_MAX, ROOM_TIMEOUT_MS);
    }

    @Override
    public void deliver(List<Converted> polled) throws InterruptedException {
        if (polled.isEmpty()) {
            return;
        }
        PositionLedger.Batch batch = ledger().open(positions(polled), polled.size());
        List<SourceRecord> origins = new ArrayList<>(polled.size());
        List<OutgoingRecord> outgoing = new ArrayList<>(polled.size());
        for (Converted record : polled) {
            if (record.outgoing() == null) {
                task.commitRecord(record.origin(), null);
                batch.acknowledge();
            } else {
                origins.add(record.origin());
                outgoing.add(record.outgoing());
            }
        }
        append.append(batch, origins, outgoing);
    }

    private static Map<Map<String, ?>, Map<String, ?>> positions(List<Converted> records) {
        Map<Map<String, ?>, Map<String, ?>> positions = new HashMap<>();
        for (Converted record : records) {
            SourceRecord origin = record.origin();
            if (origin.sourcePartition() != null && origin.sourceOffset() != null) {
                positions.put(origin.sourcePartition(), origin.sourceOffset());
            }
        }
        return positions;
    }

    @Override
    public void check() {
        ledger().check();
    }

    @Override
    public boolean settled() {
        return ledger().settled() && commit.settled();
    }

    @Override
    public void idle() throws InterruptedException {
        tellSource();
        check();
    }

    /** Tells the source what the log answered, and that positions were committed. */
    private void tellSource() throws InterruptedException {
        for (AppendStage.Answer answer = append.nextAnswer(); answer != null; answer = append.nextAnswer()) {
            LogFailure refusal = answer.refusal();
            if (refusal != null) {
                errors.giveUp(
                        SourcePipeline.attempt(answer.origin()),
                        new RecordFailure(Stage.KAFKA_PRODUCE, AppendStage.class, refusal));
                answer.batch().acknowledge();
            }
            task.commitRecord(answer.origin(), answer.metadata());
        }
        if (commit.takeFlushed()) {
            task.commit();
        }
    }

    @Override
    public void finish(boolean healthy, Duration timeout) throws InterruptedException {
        if (ticks != null) {
            ticks.close();
        }
        boolean answered = ledger().awaitFewerThan(1, timeout.toMillis());
        if (!answered) {
            LOG.atWarn().log("records were not acknowledged before the stop, they will be sent again");
        }
        commit.flushAndWait(timeout);
        tellSource();
    }

    @Override
    public void close(Duration timeout) {
        append.close(Duration.ZERO);
    }

    @Override
    public void abort() {
        commit.abort();
        append.close(Duration.ZERO);
    }
}
