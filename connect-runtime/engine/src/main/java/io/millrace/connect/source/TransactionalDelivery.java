package io.millrace.connect.source;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.FlowMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/**
 * Exactly once (KIP-618): records and positions are committed in one transaction, whose ends the boundary names. While
 * a transaction is open polling goes on; its end waits for the log. After a commit the source is told of each record,
 * and then that its positions are committed.
 *
 * <p>A record that the log refuses fails the task whatever the tolerance: with it the whole transaction is lost.
 */
public final class TransactionalDelivery implements Delivery {

    private final SourceTask task;
    private final AppendStage append;
    private final TransactionStage transactions;
    private final TransactionBoundary boundary;
    private final PositionLedger underWay = new PositionLedger();
    private final VisibleFlow flow;

    /** What is appended next, in one go. */
    private final List<SourceRecord> origins = new ArrayList<>();

    private final List<OutgoingRecord> outgoing = new ArrayList<>();

    /** Of the transaction that is open: what was dropped, and what the log has. */
    private final List<SourceRecord> dropped = new ArrayList<>();

    private final List<AppendStage.Answer> stored = new ArrayList<>();
    private boolean uncommitted;

    /**
     * @param task told of what is committed
     * @param flow told of what readers see
     */
    public TransactionalDelivery(
            SourceTask task,
            AppendStage append,
            TransactionStage transactions,
            TransactionBoundary boundary,
            VisibleFlow flow) {
        this.task = task;
        this.append = append;
        this.transactions = transactions;
        this.boundary = boundary;
        this.flow = flow;
    }

    /** Counts records when they become visible. */
    public static final class VisibleFlow implements AppendStage.Arrivals {

        private final FlowMeter flow;
        private long records;
        private long bytes;
        private long lastTimestampMs = -1;

        public VisibleFlow(FlowMeter flow) {
            this.flow = flow;
        }

        @Override
        public synchronized void stored(long timestampMs, long size) {
            records++;
            bytes += size;
            lastTimestampMs = timestampMs;
        }

        @Override
        public void lastOfBatch(long timestampMs) {
            // Nobody sees it yet.
        }

        private synchronized void committed() {
            flow.countOut(records);
            flow.countLogBytes(bytes);
            if (records > 0 && lastTimestampMs >= 0) {
                flow.arrived(lastTimestampMs);
            }
            records = 0;
            bytes = 0;
        }

        private synchronized void aborted() {
            records = 0;
            bytes = 0;
        }
    }

    @Override
    public void open() {
        append.keepAnswers(Delivery.hearsOfEachRecord(task));
        transactions.takeOver();
    }

    @Override
    public void begin() {
        // The first transaction begins with the first record.
    }

    @Override
    public long waitsSinceMs() {
        return underWay.waitsSinceMs();
    }

    @Override
    public boolean awaitRoom() {
        takeAnswers();
        return underWay.awaitFewerThan(IN_FLIGHT_MAX, ROOM_TIMEOUT_MS);
    }

    @Override
    public void deliver(List<Converted> polled) throws InterruptedException {
        for (Converted record : polled) {
            take(record);
            end(boundary.afterRecord(record.origin()));
        }
        send();
        end(boundary.afterPoll(stored.size() + dropped.size()));
    }

    private void take(Converted record) {
        uncommitted = true;
        transactions.reached(record.origin());
        OutgoingRecord converted = record.outgoing();
        if (converted == null) {
            dropped.add(record.origin());
        } else {
            transactions.requireNotForPositions(converted);
            origins.add(record.origin());
            outgoing.add(converted);
        }
    }

    private void send() {
        if (!outgoing.isEmpty()) {
            PositionLedger.Batch batch = underWay.open(Map.of(), outgoing.size());
            List<SourceRecord> of = List.copyOf(origins);
            List<OutgoingRecord> records = List.copyOf(outgoing);
            transactions.explaining(() -> append.append(batch, of, records));
            origins.clear();
            outgoing.clear();
        }
    }

    private void end(TransactionBoundary.End end) throws InterruptedException {
        switch (end) {
            case NONE -> {}
            case COMMIT -> {
                send();
                commit();
            }
            case ABORT -> {
                abortTransaction();
                commit();
            }
        }
    }

    private void commit() throws InterruptedException {
        if (uncommitted) {
            try {
                transactions.commit();
            } catch (LogFailure e) {
                // A record that was refused says more than the commit that failed for it.
                takeAnswers();
                throw e;
            }
            uncommitted = false;
            flow.committed();
            takeAnswers();
            tellSource();
        }
        task.commit();
    }

    private void tellSource() throws InterruptedException {
        for (SourceRecord record : dropped) {
            task.commitRecord(record, null);
        }
        dropped.clear();
        for (AppendStage.Answer answer : stored) {
            task.commitRecord(answer.origin(), answer.metadata());
        }
        stored.clear();
    }

    private void abortTransaction() {
        dropped.addAll(origins);
        origins.clear();
        outgoing.clear();
        transactions.abort();
        flow.aborted();
        stored.forEach(answer -> dropped.add(answer.origin()));
        stored.clear();
        for (AppendStage.Answer answer = append.nextAnswer(); answer != null; answer = append.nextAnswer()) {
            dropped.add(answer.origin());
            if (answer.refusal() != null) {
                answer.batch().acknowledge();
            }
        }
    }

    /** Takes in what the log has said since the last call. */
    private void takeAnswers() {
        for (AppendStage.Answer answer = append.nextAnswer(); answer != null; answer = append.nextAnswer()) {
            LogFailure refusal = answer.refusal();
            if (refusal != null) {
                throw new DataException(
                        "the log refused the record at "
                                + SourcePipeline.attempt(answer.origin()).position(),
                        refusal);
            }
            stored.add(answer);
        }
    }

    @Override
    public void check() {
        transactions.explaining(underWay::check);
    }

    @Override
    public boolean settled() {
        return !uncommitted;
    }

    @Override
    public void idle() throws InterruptedException {
        if (uncommitted) {
            end(boundary.atRest());
        }
        check();
    }

    @Override
    public void finish(boolean healthy, Duration timeout) throws InterruptedException {
        if (healthy) {
            end(boundary.atRest());
        }
    }

    @Override
    public void close(Duration timeout) {
        append.close(timeout);
    }

    @Override
    public void abort() {
        append.close(Duration.ZERO);
    }
}
