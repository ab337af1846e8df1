package io.millrace.connect.task;

import io.millrace.connect.record.Progress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a connector or a task is, more exactly than Kafka Connect's states tell: running means that records move or that
 * there are none.
 *
 * @param reason why, in one sentence; null where there is nothing to say
 * @param sinceMs when it became so, in milliseconds since the epoch; null where that is not known
 * @param retry null unless it has failed
 */
public record Condition(
        State state, @Nullable String reason, @Nullable Long sinceMs, RunStatus.@Nullable Retry retry) {

    /** From best to worst. */
    public enum State {
        /** Records move, or there are none: then the reason says why not. */
        RUNNING,
        /** It is held by a person, or by its schedule: then the reason says until when. */
        PAUSED,
        /** It was let go of by a person. */
        STOPPED,
        /** It is being made, and its plugin has not come back from its start. */
        STARTING,
        /** Nobody runs it. */
        UNASSIGNED,
        /** It is to be made again. */
        RESTARTING,
        /** It cannot go on until something else changes; the reason says what. */
        WAITING,
        /** It has failed; {@link #retry} tells whether it is tried again. */
        FAILED
    }

    /** What a status that somebody stored tells. */
    public static Condition stored(RunState state, @Nullable String reason) {
        return new Condition(State.valueOf(state.name()), reason, null, null);
    }

    /** What a status tells, with what is seen of the work. */
    static Condition of(RunStatus status, Progress progress) {
        return switch (status.state()) {
            case RUNNING -> running(status, progress);
            case FAILED -> failed(status);
            case UNASSIGNED, RESTARTING -> starting(status, progress);
            case PAUSED, STOPPED -> new Condition(sameAs(status), null, status.sinceMs(), null);
        };
    }

    private static State sameAs(RunStatus status) {
        return State.valueOf(status.state().name());
    }

    private static Condition running(RunStatus status, Progress progress) {
        Optional<Progress.Wait> obstacle = progress.obstacle();
        if (obstacle.isPresent()) {
            return waiting(obstacle.get());
        }
        return progress.idleness()
                .map(idle -> new Condition(State.RUNNING, idle.reason(), idle.sinceMs(), null))
                .orElseGet(() -> new Condition(State.RUNNING, null, status.sinceMs(), null));
    }

    private static Condition failed(RunStatus status) {
        RunStatus.Retry retry = status.retry();
        boolean waits = retry != null && retry.passing() && retry.nextMs() != null;
        return new Condition(waits ? State.WAITING : State.FAILED, status.cause(), status.sinceMs(), retry);
    }

    private static Condition starting(RunStatus status, Progress progress) {
        return progress.call()
                .map(call -> new Condition(
                        State.STARTING, call.reason() + " of the plugin has not come back", call.sinceMs(), null))
                .orElseGet(() -> new Condition(sameAs(status), null, status.sinceMs(), null));
    }

    /** It waits for that. */
    public static Condition waiting(Progress.Wait obstacle) {
        return new Condition(State.WAITING, obstacle.reason(), obstacle.sinceMs(), null);
    }

    /**
     * The worst of a connector's own and those of its tasks. Of tasks that run, one that moves stands for all: they
     * have nothing to do only if none of them has.
     */
    public static Condition worst(Condition own, List<Condition> tasks) {
        Comparator<Condition> badness = Comparator.comparing(Condition::state).thenComparing(Condition::isMoving);
        boolean tasksTell = own.state() == State.RUNNING && !tasks.isEmpty();
        return Stream.concat(tasks.stream(), tasksTell ? Stream.empty() : Stream.of(own))
                .max(badness)
                .orElse(own);
    }

    private boolean isMoving() {
        return state == State.RUNNING && reason == null;
    }

    /** The same with a reason, where it is held. */
    public Condition held(String why) {
        return state == State.PAUSED ? new Condition(state, why, sinceMs, retry) : this;
    }

    /** The same, as it may be shown. */
    public Condition masked(UnaryOperator<String> shown) {
        return new Condition(state, reason == null ? null : shown.apply(reason), sinceMs, retry);
    }
}
