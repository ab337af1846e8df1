package io.millrace.connect.cluster;

import io.millrace.connect.plugin.ScheduleKeys;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.schedule.Alarms;
import io.millrace.connect.schedule.Missed;
import io.millrace.connect.schedule.Missed.Obstacle;
import io.millrace.connect.schedule.Run;
import io.millrace.connect.schedule.Schedule;
import io.millrace.connect.schedule.ScheduleState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for connectors that have a schedule, whether they run now, and remembers their runs in the log. What a
 * person has set comes first: a schedule starts nothing that is paused or stopped, and resumes nothing.
 *
 * <p><b>Threads.</b> The cluster's thread only; {@link #known} from any.
 */
final class ScheduleKeeper implements AutoCloseable {

    private final Crew crew;
    private final StatusStore statuses;
    private final Secrets secrets;
    private final InstantSource clock;
    private final Alarms alarms;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** What a connector is to do now. */
    enum Turn {
        /** What is desired. */
        GO,
        /** Be paused, although it is desired to run. */
        PAUSE,
        /** Rest until its next run. */
        REST
    }

    /** Those that run here. */
    interface Crew {

        /** Looks at the connector again, later and on the cluster's thread. */
        void reconcile(String name);

        void onClusterThread(Runnable work);

        /** Has it rest at once: a fire that comes next shall find it so. */
        void rest(String name);

        /** What it should be doing; empty when it was deleted. */
        Optional<TargetState> target(String name);

        /** How many records have arrived since it was made here. */
        long recordsOut(String name);

        boolean hasFailed(String name);

        /** Makes anew what has failed of it. */
        void restartFailed(String name);
    }

    /**
     * A connector that has a schedule.
     *
     * @param config that the schedule was read from
     * @param counted so many of the records that arrived are in the state
     * @param rang the latest fire that was heard of: alarms may ring a moment early
     */
    record Known(Map<String, String> config, Schedule schedule, ScheduleState state, long counted, Instant rang) {

        private Known with(ScheduleState other) {
            return new Known(config, schedule, other, counted, rang);
        }

        private Known counted(long records) {
            return new Known(config, schedule, state.moved(records - counted), records, rang);
        }

        private Known heard(Instant at) {
            return at.isAfter(rang) ? new Known(config, schedule, state, counted, at) : this;
        }

        private boolean hasRuns() {
            return schedule.runs() != null;
        }

        /** Whether it is paused by its schedule. */
        boolean paused(Instant now) {
            return schedule.pausedAt(now.isAfter(rang) ? now : rang);
        }
    }

    ScheduleKeeper(Crew crew, StatusStore statuses, Secrets secrets, InstantSource clock) {
        this.crew = crew;
        this.statuses = statuses;
        this.secrets = secrets;
        this.clock = clock;
        this.alarms = new Alarms((name, kind, at, missed) -> crew.onClusterThread(() -> rang(name, kind, at, missed)));
    }

    /** A connector that has a schedule; empty for others. */
    Optional<Known> known(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** In milliseconds, as the log keeps it. */
    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /**
     * What a connector is to do now. Reads its schedule, if that is new; and starts a run, if one is due and nothing
     * keeps it from starting.
     *
     * @param atRest whether nothing runs of the connector: each run starts its tasks anew
     * @throws ConfigException when a key of the schedule has a value that it cannot have
     */
    Turn turn(DesiredConnector desired, boolean atRest) {
        Known now = read(desired);
        if (now == null) {
            return Turn.GO;
        }
        boolean started = desired.target() == TargetState.STARTED;
        boolean paused = started && now.paused(now());
        if (now.hasRuns()) {
            now = settle(desired, now, atRest && started && !paused);
            if (!now.state().running() && desired.target() != TargetState.STOPPED) {
                return Turn.REST;
            }
        }
        return paused ? Turn.PAUSE : Turn.GO;
    }

    private Known settle(DesiredConnector desired, Known now, boolean free) {
        if (desired.target() == TargetState.STOPPED && now.state().running()) {
            return end(desired.name(), now, Run.Outcome.STOPPED);
        }
        if (free && now.state().due() && !now.state().running()) {
            return start(desired.name(), now, Run.Cause.MISFIRE);
        }
        return now;
    }

    /**
     * Reads the schedule of a connector, if that is new; null: it has none.
     *
     * @throws ConfigException when a key of the schedule has a value that it cannot have
     */
    @Nullable
    Known read(DesiredConnector desired) {
        String name = desired.name();
        Known before = known.get(name);
        if (!ScheduleKeys.anyIn(desired.config())) {
            forget(name);
            return null;
        }
        if (before != null && before.config().equals(desired.config())) {
            return before;
        }
        Schedule schedule =
                Schedule.of(secrets.revealed(name, desired.config())).orElseThrow();
        Instant now = now();
        ScheduleState state = before == null
                ? statuses.schedule(name)
                        .map(stored -> stored.found(schedule, now))
                        .orElseGet(() -> ScheduleState.none(schedule, now))
                : before.state().under(schedule, now);
        // A connector with another config is made anew, and counts from nothing.
        Known read = store(name, new Known(desired.config(), schedule, state, 0, now));
        alarms.set(name, schedule);
        return read;
    }

    private Known store(String name, Known next) {
        known.put(name, next);
        statuses.put(name, next.state());
        return next;
    }

    /** The connector is no more, or has no schedule any more. */
    void forget(String name) {
        if (known.remove(name) != null) {
            alarms.remove(name);
        }
        statuses.removeSchedule(name);
    }

    private Known start(String name, Known now, Run.Cause cause) {
        Known counted = now.counted(crew.recordsOut(name));
        return store(name, counted.with(counted.state().start(cause, now())));
    }

    private Known end(String name, Known now, Run.Outcome outcome) {
        Known counted = now.counted(crew.recordsOut(name));
        return store(name, counted.with(counted.state().end(outcome, now())));
    }

    private void rang(String name, Alarms.Kind kind, Instant at, boolean missed) {
        Known now = known.get(name);
        if (now == null || (kind == Alarms.Kind.RUN && !at.isAfter(now.state().seen()))) {
            return;
        }
        now = now.heard(at);
        known.put(name, now);
        if (kind == Alarms.Kind.RUN) {
            fire(name, now, at, missed ? Obstacle.WORKER_DOWN : obstacle(name, now));
        }
        crew.reconcile(name);
    }

    private void fire(String name, Known now, Instant at, @Nullable Obstacle obstacle) {
        if (obstacle == null) {
            begin(name, now.with(now.state().seen(at)), Run.Cause.CRON);
        } else {
            Missed missed = new Missed(at, obstacle);
            Known _ = store(
                    name, now.with(now.state().missed(missed, now.schedule().misfire(), at)));
        }
    }

    private void begin(String name, Known now, Run.Cause cause) {
        Known ready = now;
        if (now.state().running()) {
            ready = end(name, now, Run.Outcome.FAILED);
            crew.restartFailed(name);
        }
        Known _ = start(name, ready, cause);
    }

    /** What keeps a run from starting; null: nothing does. */
    private @Nullable Obstacle obstacle(String name, Known now) {
        if (now.state().running() && !crew.hasFailed(name)) {
            return Obstacle.RUN_UNDER_WAY;
        }
        if (crew.target(name).stream().noneMatch(TargetState.STARTED::equals)) {
            return Obstacle.HELD;
        }
        return now.paused(now()) ? Obstacle.PAUSE : null;
    }

    /** Starts a run that somebody asks for. Returns what keeps it from starting, and nothing is done then. */
    Optional<Obstacle> run(String name) {
        Known now = known.get(name);
        Obstacle obstacle = now == null ? Obstacle.HELD : obstacle(name, now);
        if (now != null && obstacle == null) {
            begin(name, now, Run.Cause.REQUEST);
            crew.reconcile(name);
        }
        return Optional.ofNullable(obstacle);
    }

    /** All tasks have nothing to do: a run that is under way is done. */
    void idle(String name) {
        Known now = known.get(name);
        if (now != null && now.state().running()) {
            Known _ = end(name, now, Run.Outcome.DONE);
            crew.rest(name);
        }
    }

    /** The connector ends here, with a run under way or not: what it moved is counted. */
    void leaves(String name) {
        known.computeIfPresent(name, (same, now) -> now.counted(crew.recordsOut(name)));
        known(name).filter(now -> now.state().running()).ifPresent(now -> statuses.put(name, now.state()));
    }

    @Override
    public void close() {
        alarms.close();
    }
}
