package io.millrace.connect.cluster;

import io.millrace.connect.schedule.Schedule;
import io.millrace.connect.schedule.ScheduleState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a connector, and what came of it.
 *
 * @param nextRun when it fires next; null: never again, or it has no runs
 * @param pauseEnds when the pause ends that its schedule has begun; null: there is none, or it has no end
 * @param state of its runs, with the one that is under way as it is now
 */
public record ScheduleView(
        String connector,
        Schedule schedule,
        Phase phase,
        @Nullable Instant nextRun,
        @Nullable Instant pauseEnds,
        ScheduleState state) {

    /** What a connector does that has a schedule. */
    public enum Phase {
        /** A run is under way, or it has pauses only and runs. */
        RUNNING,
        /** It rests until its next run. */
        RESTING,
        /** It is paused by its schedule. */
        PAUSED_BY_SCHEDULE,
        /** Somebody has paused it. */
        PAUSED,
        /** Somebody has stopped it. */
        STOPPED
    }
}
