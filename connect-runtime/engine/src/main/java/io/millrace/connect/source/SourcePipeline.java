package io.millrace.connect.source;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Quietly;
import io.millrace.connect.record.RecordFailure;
import io.millrace.connect.record.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a source task to the log: poll, transform, convert, append; and, as the log acknowledges, commit positions and
 * tell the source. Records are delivered at least once, in the order of the source within each partition of the log.
 *
 * <p>While the log stores one batch the next is polled and converted. At most {@value #IN_FLIGHT_MAX} records, and
 * what the appender's buffer holds in bytes, are under way: beyond that polling waits.
 */
public final class SourcePipeline implements Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(SourcePipeline.class);
    private static final int IN_FLIGHT_MAX = 20_000;
    private static final long ROOM_TIMEOUT_MS = 500;

    private final PollStage poll;
    private final TransformStage transform;
    private final ConvertStage convert;
    private final AppendStage append;
    private final CommitStage commit;
    private final Surroundings surroundings;

    /**
     * What the pipeline uses besides its stages.
     *
     * @param errors what is done with records that the log refuses
     * @param flow counts records
     * @param timer starts the ticks of {@link CommitStage#flush()}; what it returns ends them
     */
    public record Surroundings(ErrorTolerance<SourceRecord> errors, FlowMeter flow, FlushTimer timer) {}

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

    private FlushTimer.@Nullable Ticks ticks;
    private boolean started;

    /** The stages, wired; none has been started. */
    public record Stages(
            PollStage poll, TransformStage transform, ConvertStage convert, AppendStage append, CommitStage commit) {}

    public SourcePipeline(Stages stages, Surroundings surroundings) {
        this.poll = stages.poll();
        this.transform = stages.transform();
        this.convert = stages.convert();
        this.append = stages.append();
        this.commit = stages.commit();
        this.surroundings = surroundings;
    }

    @Override
    public void start() {
        started = true;
        append.keepAnswers(wantsEachRecord(poll.task().getClass()));
        poll.start();
        ticks = surroundings.timer().start(commit::flush);
    }

    /** Only a source that overrides {@code commitRecord} has a use for the answer to each record. */
    private static boolean wantsEachRecord(Class<?> task) {
        try {
            return task.getMethod("commitRecord", SourceRecord.class, RecordMetadata.class)
                            .getDeclaringClass()
                    != SourceTask.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    @Override
    public void step() {
        try {
            tellSource();
            if (ledger().awaitFewerThan(IN_FLIGHT_MAX, ROOM_TIMEOUT_MS)) {
                move(poll.poll());
            }
            ledger().check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("the source was interrupted", e);
        }
    }

    private PositionLedger ledger() {
        return commit.ledger();
    }

    private void move(List<SourceRecord> polled) throws InterruptedException {
        if (polled.isEmpty()) {
            return;
        }
        surroundings.flow().countIn(polled.size());
        PositionLedger.Batch batch = ledger().open(positions(polled), polled.size());
        List<SourceRecord> origins = new ArrayList<>(polled.size());
        List<OutgoingRecord> outgoing = new ArrayList<>(polled.size());
        for (SourceRecord record : polled) {
            OutgoingRecord converted = convert(record);
            if (converted == null) {
                poll.task().commitRecord(record, null);
                batch.acknowledge();
            } else {
                origins.add(record);
                outgoing.add(converted);
            }
        }
        append.append(batch, origins, outgoing);
    }

    private @Nullable OutgoingRecord convert(SourceRecord record) {
        Attempt<SourceRecord> attempt = attempt(record);
        SourceRecord transformed = transform.apply(attempt);
        return transformed == null ? null : convert.apply(transformed, attempt);
    }

    private static Attempt<SourceRecord> attempt(SourceRecord record) {
        return new Attempt<>(
                record, () -> "source position " + record.sourceOffset() + " of " + record.sourcePartition());
    }

    private static Map<Map<String, ?>, Map<String, ?>> positions(List<SourceRecord> records) {
        Map<Map<String, ?>, Map<String, ?>> positions = new HashMap<>();
        for (SourceRecord record : records) {
            if (record.sourcePartition() != null && record.sourceOffset() != null) {
                positions.put(record.sourcePartition(), record.sourceOffset());
            }
        }
        return positions;
    }

    /** Tells the source what the log answered, and that positions were committed. */
    private void tellSource() throws InterruptedException {
        for (AppendStage.Answer answer = append.nextAnswer(); answer != null; answer = append.nextAnswer()) {
            LogFailure refusal = answer.refusal();
            if (refusal != null) {
                surroundings
                        .errors()
                        .giveUp(
                                attempt(answer.origin()),
                                new RecordFailure(Stage.KAFKA_PRODUCE, AppendStage.class, refusal));
                answer.batch().acknowledge();
            }
            poll.task().commitRecord(answer.origin(), metadata(answer));
        }
        if (commit.takeFlushed()) {
            poll.task().commit();
        }
    }

    private static @Nullable RecordMetadata metadata(AppendStage.Answer answer) {
        var at = answer.position();
        return at == null ? null : new RecordMetadata(at.partition(), at.offset(), 0, at.timestampMs(), -1, -1);
    }

    @Override
    public void idle() {
        try {
            tellSource();
            ledger().check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("the source was interrupted", e);
        }
    }

    @Override
    public void stop(boolean healthy, Duration timeout) {
        if (ticks != null) {
            ticks.close();
        }
        Quietly.run("commit positions", () -> finish(timeout));
        if (started) {
            Quietly.run("stop the source", poll::stop);
        }
        Quietly.run("close the appender", () -> append.close(Duration.ZERO));
        Quietly.run("close the transforms", transform::close);
        Quietly.run("close the converters", convert::close);
    }

    private void finish(Duration timeout) throws InterruptedException {
        boolean answered = ledger().awaitFewerThan(1, timeout.toMillis());
        if (!answered) {
            LOG.atWarn().log("records were not acknowledged before the stop, they will be sent again");
        }
        commit.flushAndWait(timeout);
        tellSource();
    }

    @Override
    public void wakeup() {
        // A source is asked to end by not being polled again.
    }

    @Override
    public void abort() {
        commit.abort();
        append.close(Duration.ZERO);
    }
}
