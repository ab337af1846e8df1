package io.millrace.connect.sink;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.offset.SinkPositions;
import io.millrace.connect.record.Causes;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Progress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the sink which offsets are safe, at every interval and whenever the sink wants it, and commits exactly those.
 * The moment the sink answers is when the records before them count as visible in the target.
 */
public final class CommitStage {

    private static final Logger LOG = LoggerFactory.getLogger(CommitStage.class);

    private static final String PRE_COMMIT = "preCommit()";

    private final SinkTask task;
    private final SinkReader reader;
    private final SinkPositions positions;
    private final Told told;
    private final Schedule schedule;
    private final @Nullable DeadLetters deadLetters;
    private long lastMs;
    private volatile boolean aborted;

    /**
     * When to commit.
     *
     * @param intervalMs the time between two commits
     * @param clockMs wall time in milliseconds
     */
    public record Schedule(long intervalMs, LongSupplier clockMs) {}

    /**
     * Who is told of what comes of it.
     *
     * @param flow of records that are in the target
     * @param progress of how far the sink was given records, and what it waits for
     */
    public record Told(FlowMeter flow, Progress progress) {}

    public CommitStage(
            SinkTask task,
            SinkReader reader,
            SinkPositions positions,
            Told told,
            Schedule schedule,
            @Nullable DeadLetters deadLetters) {
        this.task = task;
        this.reader = reader;
        this.positions = positions;
        this.told = told;
        this.schedule = schedule;
        this.deadLetters = deadLetters;
        this.lastMs = schedule.clockMs().getAsLong();
    }

    SinkPositions positions() {
        return positions;
    }

    /** How long until the next commit is due, at least 0. */
    long dueInMs() {
        return Math.max(0, lastMs + schedule.intervalMs() - schedule.clockMs().getAsLong());
    }

    /**
     * Commits what the sink declares safe of these partitions.
     *
     * @throws RuntimeException whatever the sink throws, but a {@link RetriableException}: then the partitions are
     *     read again from what is committed
     */
    void commit(Set<TopicPartition> partitions) {
        lastMs = schedule.clockMs().getAsLong();
        if (partitions.isEmpty() || aborted) {
            return;
        }
        try {
            Map<TopicPartition, Long> safe = askSink(partitions);
            if (deadLetters != null) {
                deadLetters.awaitWritten();
            }
            positions.visible(safe, told.flow()::arrived);
            write(positions.committable(safe));
        } catch (RetriableException e) {
            told.progress().refused(PRE_COMMIT, Causes.sentence(e));
            LOG.atWarn().setCause(e).log("the sink could not flush, reading again from what is committed");
            rewind();
        }
    }

    private Map<TopicPartition, Long> askSink(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
        positions
                .delivered(partitions)
                .forEach((partition, offset) -> delivered.put(partition, new OffsetAndMetadata(offset)));
        told.progress().gave(positions.moved());
        Map<TopicPartition, OffsetAndMetadata> answer =
                told.progress().during(PRE_COMMIT, () -> task.preCommit(delivered));
        told.progress().accepted(PRE_COMMIT);
        Map<TopicPartition, Long> safe = new HashMap<>();
        if (answer != null) {
            answer.forEach((partition, offset) -> safe.put(partition, offset.offset()));
        }
        return safe;
    }

    private void write(Map<TopicPartition, Long> offsets) {
        if (offsets.isEmpty() || aborted) {
            return;
        }
        try {
            reader.commit(offsets);
            positions.committed(offsets);
        } catch (LogFailure e) {
            LOG.atWarn().setCause(e).log("offsets were not committed, trying again at the next commit");
        }
    }

    private void rewind() {
        Set<TopicPartition> mine = reader.assignment();
        positions.committed().forEach((partition, offset) -> {
            if (mine.contains(partition)) {
                reader.seek(partition, offset);
                positions.rewind(partition, offset);
            }
        });
    }

    /** Nothing is committed any more. */
    void abort() {
        aborted = true;
    }
}
