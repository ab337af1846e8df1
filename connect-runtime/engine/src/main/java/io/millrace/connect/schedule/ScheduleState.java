package io.millrace.connect.schedule;

import io.millrace.connect.schedule.Missed.Obstacle;
import io.millrace.connect.schedule.Schedule.Misfire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a connector's schedule, also over restarts of the worker. Each change makes another state; what
 * time it is comes from outside.
 *
 * <pre>
 * at rest   -> a run: a fire, a run that is due, somebody who asks
 * a run     -> at rest: it is done, the connector is stopped, the schedule has no runs any more
 * a run     -> a run: a fire, or somebody who asks, after the connector or a task has failed
 * any other fire is missed; with {@link Misfire#RUN_ONCE} a run is due from then on
 * </pre>
 *
 * @param of the cron expression and time zone that {@code seen} belongs to
 * @param seen fires up to then are dealt with
 * @param refused how many fires came while a run was under way
 * @param due whether a run starts as soon as it can
 * @param missed the last fire at which no run started; null: none
 * @param run that is under way; null: none is
 * @param last the last run that has ended; null: none has
 */
public record ScheduleState(
        String of,
        Instant seen,
        long refused,
        boolean due,
        @Nullable Missed missed,
        @Nullable Run run,
        @Nullable Run last) {

    /** Of a connector that nothing is known of. */
    public static ScheduleState none(Schedule schedule, Instant now) {
        return new ScheduleState(origin(schedule), now, 0, false, null, null, null);
    }

    private static String origin(Schedule schedule) {
        Cron runs = schedule.runs();
        return runs == null ? "" : runs.text() + " " + schedule.zone().getId();
    }

    /**
     * The same under a schedule that may be another: with another expression or zone it begins now. A run goes on,
     * unless there are no runs any more.
     */
    public ScheduleState under(Schedule schedule, Instant now) {
        if (of.equals(origin(schedule))) {
            return this;
        }
        ScheduleState begins = new ScheduleState(origin(schedule), now, refused, false, missed, run, last);
        return schedule.runs() == null ? begins.end(Run.Outcome.STOPPED, now) : begins;
    }

    /** The same when the worker starts: fires that came after those that were dealt with are missed. */
    public ScheduleState found(Schedule schedule, Instant now) {
        ScheduleState same = under(schedule, now);
        Cron runs = schedule.runs();
        return runs == null ? same : same.withMissed(runs, schedule.misfire(), now);
    }

    private ScheduleState withMissed(Cron runs, Misfire misfire, Instant now) {
        return runs.next(seen)
                .filter(first -> !first.isAfter(now))
                .map(first -> missed(new Missed(first, Obstacle.WORKER_DOWN), misfire, now))
                .orElse(this);
    }

    /** Whether a run is under way. */
    public boolean running() {
        return run != null;
    }

    /** A run starts. */
    public ScheduleState start(Run.Cause cause, Instant now) {
        return new ScheduleState(of, seen, refused, false, missed, Run.begun(cause, now), last);
    }

    /** The run that is under way, if one is, ends. */
    public ScheduleState end(Run.Outcome outcome, Instant now) {
        return run == null ? this : new ScheduleState(of, seen, refused, due, missed, null, run.end(outcome, now));
    }

    /** So many more records moved in the run that is under way. */
    public ScheduleState moved(long records) {
        return run == null || records == 0
                ? this
                : new ScheduleState(of, seen, refused, due, missed, run.plus(records), last);
    }

    /** Fires up to that moment are dealt with. */
    public ScheduleState seen(Instant at) {
        return at.isAfter(seen) ? new ScheduleState(of, at, refused, due, missed, run, last) : this;
    }

    /**
     * No run starts at a fire.
     *
     * @param until fires up to then are dealt with
     */
    public ScheduleState missed(Missed fire, Misfire misfire, Instant until) {
        boolean overlaps = fire.obstacle() == Obstacle.RUN_UNDER_WAY;
        return new ScheduleState(
                of, until, overlaps ? refused + 1 : refused, due || misfire == Misfire.RUN_ONCE, fire, run, last);
    }
}
