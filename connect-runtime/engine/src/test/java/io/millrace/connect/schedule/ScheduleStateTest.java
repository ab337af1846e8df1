package io.millrace.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.schedule.Missed.Obstacle;
import io.millrace.connect.schedule.Schedule.Misfire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is remembered of a schedule, at times of our own. */
class ScheduleStateTest {

    private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");
    private static final Instant FIRE = Instant.parse("2026-03-29T02:00:00Z");

    private static Schedule nightly(String misfire) {
        return Schedule.of(Map.of("schedule.cron", "0 0 2 * * ?", "schedule.misfire", misfire))
                .orElseThrow();
    }

    private static final Schedule NIGHTLY = nightly("skip");

    @ParameterizedTest
    @CsvSource({"skip, false", "run.once, true"})
    void aFireThatTheWorkerSleptOverIsMissed(String misfire, boolean due) {
        Instant later = FIRE.plusSeconds(3 * 24 * 3600);

        ScheduleState found = ScheduleState.none(NIGHTLY, NOON).found(nightly(misfire), later);

        assertThat(found.missed()).isEqualTo(new Missed(FIRE, Obstacle.WORKER_DOWN));
        assertThat(found.due()).isEqualTo(due);
        assertThat(found.seen()).isEqualTo(later);
        assertThat(found.refused()).isZero();
    }

    @Test
    void aFireAtTheMomentOfTheStartIsMissedToo() {
        assertThat(ScheduleState.none(NIGHTLY, NOON).found(NIGHTLY, FIRE).missed())
                .isEqualTo(new Missed(FIRE, Obstacle.WORKER_DOWN));
    }

    @Test
    void nothingIsMissedOfFiresThatWereDealtWith() {
        ScheduleState state = ScheduleState.none(NIGHTLY, NOON).seen(FIRE).start(Run.Cause.CRON, FIRE);

        assertThat(state.found(nightly("run.once"), FIRE.plusSeconds(3600))).isEqualTo(state);
    }

    @Test
    void anotherCronBeginsNow() {
        Schedule hourly = Schedule.of(Map.of("schedule.cron", "0 0 * * * ?", "schedule.misfire", "run.once"))
                .orElseThrow();

        ScheduleState found = ScheduleState.none(NIGHTLY, NOON).found(hourly, FIRE);

        assertThat(found.missed()).isNull();
        assertThat(found.due()).isFalse();
        assertThat(found.seen()).isEqualTo(FIRE);
    }

    @Test
    void aRunGoesOnUnderAnotherCronAndEndsWhereThereIsNone() {
        Schedule hourly = Schedule.of(Map.of("schedule.cron", "0 0 * * * ?")).orElseThrow();
        Schedule pauses = Schedule.of(
                        Map.of("schedule.pause.cron", "0 0 6 * * ?", "schedule.resume.cron", "0 0 7 * * ?"))
                .orElseThrow();
        ScheduleState running = ScheduleState.none(NIGHTLY, NOON).start(Run.Cause.CRON, FIRE);

        assertThat(running.under(hourly, FIRE).run()).isEqualTo(running.run());
        assertThat(running.under(pauses, FIRE).run()).isNull();
        assertThat(running.under(pauses, FIRE).last())
                .isEqualTo(new Run(Run.Cause.CRON, FIRE, FIRE, Run.Outcome.STOPPED, 0));
    }

    @Test
    void onlyOverlapsAreRefusals() {
        ScheduleState state = ScheduleState.none(NIGHTLY, NOON)
                .start(Run.Cause.CRON, FIRE)
                .missed(new Missed(FIRE, Obstacle.RUN_UNDER_WAY), Misfire.SKIP, FIRE)
                .missed(new Missed(FIRE, Obstacle.HELD), Misfire.SKIP, FIRE);

        assertThat(state.refused()).isEqualTo(1);
        assertThat(state.due()).isFalse();
        assertThat(state.running()).isTrue();
    }

    @Test
    void aRunMakesUpForAllThatWasMissed() {
        ScheduleState state = ScheduleState.none(NIGHTLY, NOON)
                .missed(new Missed(FIRE, Obstacle.PAUSE), Misfire.RUN_ONCE, FIRE)
                .missed(new Missed(FIRE, Obstacle.PAUSE), Misfire.RUN_ONCE, FIRE);

        assertThat(state.due()).isTrue();
        assertThat(state.start(Run.Cause.MISFIRE, FIRE).due()).isFalse();
    }

    @Test
    void anEndedRunMovesNoMore() {
        ScheduleState ended = ScheduleState.none(NIGHTLY, NOON)
                .start(Run.Cause.REQUEST, NOON)
                .moved(7)
                .end(Run.Outcome.DONE, FIRE);

        assertThat(ended.running()).isFalse();
        assertThat(ended.moved(5)).isEqualTo(ended);
        assertThat(ended.end(Run.Outcome.STOPPED, FIRE)).isEqualTo(ended);
        assertThat(ended.run()).isNull();
        assertThat(ended.last()).isEqualTo(new Run(Run.Cause.REQUEST, NOON, FIRE, Run.Outcome.DONE, 7));
    }

    @Test
    void comesBackFromTheLogAsItWas() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ScheduleState fresh = ScheduleState.none(NIGHTLY, NOON);
        ScheduleState running = fresh.missed(new Missed(FIRE, Obstacle.HELD), Misfire.RUN_ONCE, FIRE)
                .start(Run.Cause.MISFIRE, FIRE)
                .moved(3);

        for (ScheduleState state : List.of(
                fresh,
                running,
                running.end(Run.Outcome.FAILED, FIRE),
                running.end(Run.Outcome.DONE, FIRE).start(Run.Cause.CRON, FIRE))) {
            byte[] stored = json.writeValueAsBytes(StateCodec.encode(state));
            assertThat(StateCodec.decode(json.readTree(stored))).isEqualTo(state);
        }
        assertThatThrownBy(() -> StateCodec.decode(json.readTree("{\"of\":\"x\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seen");
    }
}
