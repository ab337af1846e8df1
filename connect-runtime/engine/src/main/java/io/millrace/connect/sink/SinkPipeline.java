package io.millrace.connect.sink;

import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.offset.SinkPositions;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Patience;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Quietly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * From the log to a sink task: read, decode, transform, put; and at every interval ask the sink what is safe and
 * commit that. Records are delivered at least once, in the order of each partition.
 *
 * <p>Nothing is read ahead of a batch that the sink has not taken: what is in memory is one batch, and what the log's
 * client fetched in the meantime.
 */
public final class SinkPipeline implements Pipeline {

    private static final long RETRY_MS = 1_000;
    private static final long TURN_MAX_MS = 1_000;

    private final SinkReader reader;
    private final DecodeStage decode;
    private final TransformStage transform;
    private final PutStage put;
    private final CommitStage commit;
    private final Surroundings surroundings;
    private final Assignment assignment;
    private boolean started;
    private boolean readNothing;
    private long heldForMs;

    /** The stages, wired; none has been started. */
    public record Stages(
            SinkReader reader, DecodeStage decode, TransformStage transform, PutStage put, CommitStage commit) {}

    /**
     * What the pipeline uses besides its stages.
     *
     * @param context what the sink sees
     * @param flow counts records
     * @param deadLetters null where there are none
     * @param errantRecords null where the sink cannot report records
     * @param onTopic told of every topic that the task reads, as often as a batch has records of it
     * @param patience how to wait
     */
    public record Surroundings(
            SinkContext context,
            FlowMeter flow,
            @Nullable DeadLetters deadLetters,
            @Nullable ErrantRecords errantRecords,
            Consumer<String> onTopic,
            Patience patience) {}

    public SinkPipeline(Stages stages, Surroundings surroundings) {
        this.reader = stages.reader();
        this.decode = stages.decode();
        this.transform = stages.transform();
        this.put = stages.put();
        this.commit = stages.commit();
        this.surroundings = surroundings;
        this.assignment = new Assignment(reader, put, commit, this::applyRewinds);
    }

    @Override
    public void start() {
        reader.open(assignment);
        started = true;
        put.start();
    }

    @Override
    public void step() {
        applyRewinds();
        readNothing = false;
        if (put.holdsBatch()) {
            if (!heldLongEnough()) {
                commitIfDue();
                return;
            }
        } else {
            reader.holdAll(false);
            List<StoredRecord> read = reader.poll(Duration.ofMillis(turnMs()));
            assignment.check();
            readNothing = read.isEmpty();
            surroundings.flow().countIn(read.size());
            surroundings.flow().countLogBytes(bytes(read));
            put.load(decode(read), read);
        }
        give();
        commitIfDue();
    }

    private static long bytes(List<StoredRecord> records) {
        return records.stream().mapToLong(record -> record.payload().size()).sum();
    }

    private long turnMs() {
        long wanted = surroundings.context().takeTimeout();
        long turnMs = Math.min(TURN_MAX_MS, commit.dueInMs());
        return wanted <= 0 ? turnMs : Math.min(wanted, turnMs);
    }

    /**
     * Waits a turn, staying a member of the group. Returns whether it is time to give the refused batch again: when the
     * sink said, or else after a while.
     */
    private boolean heldLongEnough() {
        reader.holdAll(true);
        long wantedMs = surroundings.context().takeTimeout();
        if (wantedMs > 0) {
            heldForMs = wantedMs;
        } else if (heldForMs <= 0) {
            heldForMs = RETRY_MS;
        }
        long turnMs = Math.min(heldForMs, Math.min(TURN_MAX_MS, commit.dueInMs()));
        surroundings.patience().await(turnMs);
        heldForMs -= turnMs;
        reader.poll(Duration.ZERO);
        assignment.check();
        return heldForMs <= 0;
    }

    private void applyRewinds() {
        SinkPositions positions = commit.positions();
        surroundings.context().takeRewinds().forEach((partition, offset) -> {
            if (positions.assigned().contains(partition)) {
                reader.seek(partition, offset);
                positions.rewind(partition, offset);
            }
        });
    }

    private List<SinkRecord> decode(List<StoredRecord> read) {
        List<SinkRecord> records = new ArrayList<>(read.size());
        String topic = "";
        for (StoredRecord stored : read) {
            if (!decode.topicOf(stored).equals(topic)) {
                topic = decode.topicOf(stored);
                surroundings.onTopic().accept(topic);
            }
            Attempt<StoredRecord> attempt = new Attempt<>(stored, () -> stored.partition() + "@" + stored.offset());
            SinkRecord decoded = decode.apply(attempt);
            SinkRecord record = decoded == null ? null : transform.apply(decoded, attempt);
            if (record != null) {
                records.add(record);
                keep(stored);
            }
        }
        return records;
    }

    private void keep(StoredRecord stored) {
        ErrantRecords errant = surroundings.errantRecords();
        if (errant != null) {
            errant.keep(stored);
        }
    }

    private void give() {
        List<StoredRecord> taken = put.put();
        for (StoredRecord record : taken) {
            commit.positions().delivered(record.partition(), record.offset(), record.timestampMs());
        }
        if (!taken.isEmpty()) {
            surroundings.flow().countOut(taken.size());
        }
    }

    private void commitIfDue() {
        boolean requested = surroundings.context().takeCommitRequest();
        if (requested || commit.dueInMs() == 0) {
            commit.commit(commit.positions().assigned());
        }
    }

    @Override
    public boolean quiet() {
        return readNothing
                && !put.holdsBatch()
                && reader.atEnd()
                && commit.positions().allCommitted();
    }

    @Override
    public void idle() {
        reader.holdAll(true);
        reader.poll(Duration.ofMillis(turnMs()));
        assignment.check();
        commitIfDue();
    }

    @Override
    public void stop(boolean healthy, Duration timeout) {
        if (!healthy) {
            assignment.unhealthy();
        }
        Quietly.run("leave the group", () -> reader.close(timeout));
        Quietly.run("close the partitions", assignment::check);
        if (started) {
            Quietly.run("stop the sink", put::stop);
        }
        DeadLetters deadLetters = surroundings.deadLetters();
        if (deadLetters != null) {
            Quietly.run("close the dead letters", () -> deadLetters.close(timeout));
        }
        Quietly.run("close the transforms", transform::close);
        Quietly.run("close the converters", decode::close);
    }

    @Override
    public void wakeup() {
        reader.wakeup();
    }

    @Override
    public void abort() {
        commit.abort();
        reader.wakeup();
    }
}
