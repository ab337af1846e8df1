package io.millrace.connect.source;

import io.millrace.connect.record.Causes;
import io.millrace.connect.record.Patience;
import io.millrace.connect.record.Progress;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source for records. A source that answers at once with none is given growing pauses. */
public final class PollStage {

    private static final Logger LOG = LoggerFactory.getLogger(PollStage.class);
    private static final String POLL = "poll()";
    private static final long IDLE_MAX_MS = 20;
    private static final long RETRY_MS = 500;

    private final SourceTask task;
    private final SourceContext context;
    private final Progress progress;
    private final Patience patience;
    private long idleMs;
    private boolean foundNothing;

    /**
     * @param progress told of what the source does
     */
    public PollStage(SourceTask task, SourceContext context, Progress progress, Patience patience) {
        this.task = task;
        this.context = context;
        this.progress = progress;
        this.patience = patience;
    }

    Progress progress() {
        return progress;
    }

    SourceTask task() {
        return task;
    }

    void start() {
        task.initialize(context);
        progress.doing("start()", () -> task.start(new HashMap<>(context.configs())));
    }

    /** The next records, possibly none. */
    List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> records;
        foundNothing = false;
        try {
            records = progress.during(POLL, task::poll);
        } catch (RetriableException e) {
            LOG.atWarn().setCause(e).log("the source failed in a way that may pass, polling again");
            progress.refused(POLL, Causes.sentence(e));
            patience.await(RETRY_MS);
            return List.of();
        }
        foundNothing = records == null || records.isEmpty();
        if (foundNothing) {
            progress.accepted(POLL);
            progress.idles("the source has nothing new");
            idleMs = Math.min(IDLE_MAX_MS, idleMs + 1);
            patience.await(idleMs);
            return List.of();
        }
        progress.accepted(POLL);
        progress.moves();
        idleMs = 0;
        return records;
    }

    /** Whether the last poll came back, and with nothing. */
    boolean foundNothing() {
        return foundNothing;
    }

    void stop() throws IOException {
        try {
            progress.doing("stop()", task::stop);
        } finally {
            context.close();
        }
    }
}
