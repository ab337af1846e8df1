package io.millrace.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cron expressions, and pauses between two of them. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "0 0 2 * * ?, UTC, 2026-03-28T12:00:00Z, 2026-03-29T02:00:00Z",
        "0 0 4 * * ?, Europe/Berlin, 2026-03-28T12:00:00Z, 2026-03-29T02:00:00Z",
        "0 0 4 * * ?, Europe/Berlin, 2026-03-27T12:00:00Z, 2026-03-28T03:00:00Z",
        "0 30 2 ? * MON-FRI, Asia/Kolkata, 2026-03-27T00:00:00Z, 2026-03-29T21:00:00Z"
    })
    void firesInItsTimeZone(String text, String zone, Instant after, Instant next) {
        assertThat(Cron.of("key", text, ZoneId.of(zone)).next(after)).contains(next);
    }

    @ParameterizedTest
    @CsvSource({
        "* * * * * ?, 2026-03-28T12:00:00.7Z, 2026-03-28T12:00:00Z",
        "0 0 2 * * ?, 2026-03-28T02:00:00Z, 2026-03-28T02:00:00Z",
        "0 0 2 * * ?, 2026-03-28T01:59:59Z, 2026-03-27T02:00:00Z",
        "0 0 0 1 1 ?, 2026-03-28T12:00:00Z, 2026-01-01T00:00:00Z",
        "0 0 0 29 2 ?, 2026-03-28T12:00:00Z, 2024-02-29T00:00:00Z"
    })
    void tellsItsLastFire(String text, Instant now, Instant last) {
        assertThat(Cron.of("key", text, ZoneId.of("UTC")).last(now)).contains(last);
    }

    @Test
    void hasNoLastFireBeforeItsFirst() {
        assertThat(Cron.of("key", "0 0 0 1 1 ? 2030", ZoneId.of("UTC")).last(Instant.parse("2026-03-28T12:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 22 * * ?, 0 0 6 * * ?, 2026-03-28T23:00:00Z, true",
        "0 0 22 * * ?, 0 0 6 * * ?, 2026-03-28T05:59:59Z, true",
        "0 0 22 * * ?, 0 0 6 * * ?, 2026-03-28T06:00:00Z, false",
        "0 0 22 * * ?, 0 0 6 * * ?, 2026-03-28T22:00:00Z, true",
        "0 0 18 ? * FRI, 0 0 8 ? * MON, 2026-03-28T12:00:00Z, true",
        "0 0 18 ? * FRI, 0 0 8 ? * MON, 2026-03-30T12:00:00Z, false",
        "0 0 * * * ?, 0 0 6 * * ?, 2026-03-28T08:30:00Z, true",
        "0 0 6 * * ?, 0 0 6 * * ?, 2026-03-28T08:30:00Z, false",
        "0 0 0 1 1 ? 2030, 0 0 6 * * ?, 2026-03-28T08:30:00Z, false",
        "0 0 6 * * ?, 0 0 0 1 1 ? 2030, 2026-03-28T08:30:00Z, true"
    })
    void isPausedFromOneCronToTheOther(String begins, String ends, Instant now, boolean paused) {
        Schedule schedule = Schedule.of(Map.of("schedule.pause.cron", begins, "schedule.resume.cron", ends))
                .orElseThrow();

        assertThat(schedule.pausedAt(now)).isEqualTo(paused);
    }

    @Test
    void aConfigWithoutCronHasNone() {
        assertThat(Schedule.of(Map.of("name", "x"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"schedule.cron, 0 2 * * *", "schedule.timezone, Mars", "schedule.idle.ms, soon"})
    void namesTheKeyThatCannotBeRead(String key, String value) {
        Map<String, String> config = new HashMap<>(Map.of("schedule.cron", "0 0 2 * * ?"));
        config.put(key, value);

        assertThatThrownBy(() -> Schedule.of(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }
}
