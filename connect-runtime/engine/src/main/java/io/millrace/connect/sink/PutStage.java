package io.millrace.connect.sink;

import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Causes;
import io.millrace.connect.record.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives batches to the sink. A batch that the sink refused with a {@link RetriableException} is kept, and given again
 * until it is taken; meanwhile nothing more is read.
 */
public final class PutStage {

    private static final Logger LOG = LoggerFactory.getLogger(PutStage.class);

    private static final String PUT = "put()";

    private final SinkTask task;
    private final SinkContext context;
    private final Shown shown;
    private final Progress progress;
    private final List<SinkRecord> batch = new ArrayList<>();
    private final List<StoredRecord> origins = new ArrayList<>();
    private boolean refused;

    /**
     * What the task sees.
     *
     * @param context the context, in the form that it expects
     * @param records makes each record so
     */
    public record Shown(SinkTaskContext context, UnaryOperator<SinkRecord> records) {}

    /**
     * @param context what the task asks for, and is forgotten with it
     * @param shown what the task is given
     * @param progress told of what the sink does
     */
    public PutStage(SinkTask task, SinkContext context, Shown shown, Progress progress) {
        this.task = task;
        this.context = context;
        this.shown = shown;
        this.progress = progress;
    }

    SinkTask task() {
        return task;
    }

    void start() {
        task.initialize(shown.context());
        progress.doing("start()", () -> task.start(new HashMap<>(context.configs())));
    }

    /** Whether a refused batch waits to be given again. */
    boolean holdsBatch() {
        return refused;
    }

    /**
     * Takes in the next batch.
     *
     * @param records what the sink shall see
     * @param from what was read for it, dropped records too
     */
    void load(List<SinkRecord> records, List<StoredRecord> from) {
        records.forEach(record -> batch.add(shown.records().apply(record)));
        origins.addAll(from);
    }

    /** Gives the batch, which may be empty, to the sink. Returns what was read for it; empty when it was refused. */
    List<StoredRecord> put() {
        try {
            // A copy, which a sink may change as it likes: the batch itself may have to be given again.
            List<SinkRecord> given = new ArrayList<>(batch);
            progress.doing(PUT, () -> task.put(given));
        } catch (RetriableException e) {
            LOG.atWarn()
                    .addKeyValue("records", batch.size())
                    .setCause(e)
                    .log("the sink refused a batch for now, giving it again");
            progress.refused(PUT, Causes.sentence(e));
            refused = true;
            return List.of();
        }
        tell();
        List<StoredRecord> taken = List.copyOf(origins);
        refused = false;
        batch.clear();
        origins.clear();
        return taken;
    }

    private void tell() {
        progress.accepted(PUT);
        if (origins.isEmpty()) {
            progress.idles("no new records in its partitions");
        } else {
            progress.moves();
        }
    }

    /** Records of these partitions are another's now. */
    void drop(Set<TopicPartition> partitions) {
        batch.removeIf(record ->
                partitions.contains(new TopicPartition(record.originalTopic(), record.originalKafkaPartition())));
        origins.removeIf(record -> partitions.contains(record.partition()));
    }

    void stop() throws IOException {
        try {
            progress.doing("stop()", task::stop);
        } finally {
            context.close();
        }
    }
}
