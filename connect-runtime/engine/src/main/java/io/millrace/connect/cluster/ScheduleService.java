package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.cluster.ScheduleKeeper.Known;
import io.millrace.connect.cluster.ScheduleView.Phase;
import io.millrace.connect.plugin.ScheduleKeys;
import io.millrace.connect.schedule.Cron;
import io.millrace.connect.schedule.Missed.Obstacle;
import io.millrace.connect.schedule.Schedule;
import io.millrace.connect.schedule.ScheduleState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells of connectors that have a schedule, and starts runs that somebody asks for.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> {@link RequestRefused}, with a message for whoever asked.
 */
public final class ScheduleService {

    private final ConnectorService connectors;
    private final Reconciler reconciler;
    private final SerialCalls calls;

    ScheduleService(ConnectorService connectors, Reconciler reconciler, SerialCalls calls) {
        this.connectors = connectors;
        this.reconciler = reconciler;
        this.calls = calls;
    }

    /** The schedule of a connector; empty if it has none, or there is no such connector. */
    public Optional<ScheduleView> find(String name) {
        return reconciler
                .configs()
                .get(name)
                .flatMap(connector -> reconciler.schedules().known(name).map(known -> view(connector, known)));
    }

    /** The schedule of a connector that has one. */
    public ScheduleView get(String name) {
        DesiredConnector connector = connectors.required(name);
        if (ScheduleKeys.anyIn(connector.config())
                && reconciler.schedules().known(name).isEmpty()) {
            // It was stored a moment ago: the cluster's thread is about to look at it.
            String _ = calls.onClusterThread(() -> name);
        }
        return find(name)
                .orElseThrow(() -> RequestRefused.notFound(
                        "Connector %s has no schedule: %s gives it one".formatted(name, ScheduleKeys.CRON)));
    }

    /** Why a connector is held by its schedule, in one sentence; empty if it is not. */
    Optional<String> held(String name) {
        return find(name).flatMap(view -> switch (view.phase()) {
            case RESTING -> Optional.of(until("rests", view.nextRun()));
            case PAUSED_BY_SCHEDULE -> Optional.of(until("paused by its schedule", view.pauseEnds()));
            case RUNNING, PAUSED, STOPPED -> Optional.empty();
        });
    }

    private static String until(String what, @Nullable Instant end) {
        return end == null ? what + ", without an end" : what + " until " + end;
    }

    private ScheduleView view(DesiredConnector connector, Known known) {
        Instant now = reconciler.schedules().now();
        Schedule schedule = known.schedule();
        boolean paused = known.paused(now);
        Cron runs = schedule.runs();
        Schedule.Window pauses = schedule.pauses();
        long moved = Math.max(0, reconciler.recordsOut(connector.name()) - known.counted());
        ScheduleState state = known.state().moved(moved);
        return new ScheduleView(
                connector.name(),
                schedule,
                phase(connector.target(), paused, runs == null || state.running()),
                runs == null ? null : runs.next(now).orElse(null),
                paused && pauses != null ? pauses.ends().next(now).orElse(null) : null,
                state);
    }

    private static Phase phase(TargetState target, boolean paused, boolean running) {
        return switch (target) {
            case STOPPED -> Phase.STOPPED;
            case PAUSED -> Phase.PAUSED;
            case STARTED -> paused ? Phase.PAUSED_BY_SCHEDULE : running ? Phase.RUNNING : Phase.RESTING;
        };
    }

    /** Starts a run now. Returns how it stands then. */
    public ScheduleView run(String name) {
        if (get(name).schedule().runs() == null) {
            throw new RequestRefused(
                    Reason.CONFLICT, "Connector %s has no %s, it runs all the time".formatted(name, ScheduleKeys.CRON));
        }
        Optional<Obstacle> obstacle =
                calls.onClusterThread(() -> reconciler.schedules().run(name));
        ScheduleView view = get(name);
        obstacle.ifPresent(what -> {
            throw new RequestRefused(Reason.CONFLICT, refusal(view, what));
        });
        return view;
    }

    private static String refusal(ScheduleView view, Obstacle obstacle) {
        String name = view.connector();
        return switch (obstacle) {
            case RUN_UNDER_WAY -> "A run of connector %s is under way already".formatted(name);
            case PAUSE -> until("Connector %s is paused by its schedule".formatted(name), view.pauseEnds());
            case HELD, WORKER_DOWN -> "Connector %s is paused or stopped: resume it first".formatted(name);
        };
    }
}
