package io.millrace.connect.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a connector that has a schedule.
 *
 * @param cause why it started
 * @param ended null: it is under way
 * @param outcome how it stands, or ended
 * @param records how many had arrived when it was last looked at: in the log for a source, in the target for a sink
 */
public record Run(Cause cause, Instant started, @Nullable Instant ended, Outcome outcome, long records) {

    /** Why a run starts. */
    public enum Cause {
        /** The cron expression fired. */
        CRON,
        /** It makes up for fires at which no run could start. */
        MISFIRE,
        /** Somebody asked for it. */
        REQUEST
    }

    /** How a run stands, or ended. */
    public enum Outcome {
        /** It is under way. */
        RUNNING,
        /** There was nothing more to do. */
        DONE,
        /** The connector or a task had failed when the next run was to start. */
        FAILED,
        /** Somebody stopped the connector. */
        STOPPED
    }

    static Run begun(Cause cause, Instant now) {
        return new Run(cause, now, null, Outcome.RUNNING, 0);
    }

    /** The same, with so many more records. */
    public Run plus(long more) {
        return new Run(cause, started, ended, outcome, records + more);
    }

    Run end(Outcome how, Instant now) {
        return new Run(cause, started, now, how, records);
    }
}
