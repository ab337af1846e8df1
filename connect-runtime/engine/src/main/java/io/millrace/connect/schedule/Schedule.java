package io.millrace.connect.schedule;

import io.millrace.connect.plugin.ScheduleKeys;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * When a connector runs, as its config says.
 *
 * @param runs when runs start; null: it always runs
 * @param pauses when it is paused; null: never
 * @param zone of both
 * @param misfire what becomes of fires at which no run could start
 * @param idleMs for how long there must be nothing to do until a run is done
 */
public record Schedule(@Nullable Cron runs, @Nullable Window pauses, ZoneId zone, Misfire misfire, long idleMs) {

    /** What becomes of fires at which no run could start. */
    public enum Misfire {
        /** Nothing: the next fire is the next chance. */
        SKIP(ScheduleKeys.SKIP),
        /** One run makes up for all of them, as soon as one can start. */
        RUN_ONCE(ScheduleKeys.RUN_ONCE);

        private final String text;

        Misfire(String text) {
            this.text = text;
        }

        /** As it stands in configs. */
        public String text() {
            return text;
        }
    }

    /**
     * Stretches of time.
     *
     * @param begins when each begins
     * @param ends when it ends; where both fire at once, it ends
     */
    public record Window(Cron begins, Cron ends) {

        /** Whether that moment is in one. */
        public boolean covers(Instant now) {
            Optional<Instant> begun = begins.last(now);
            return begun.isPresent()
                    && ends.last(now).map(ended -> begun.get().isAfter(ended)).orElse(true);
        }
    }

    /**
     * Reads a config; empty if the connector has no schedule.
     *
     * @throws ConfigException when a key has a value that it cannot have
     */
    public static Optional<Schedule> of(Map<String, String> config) {
        if (!ScheduleKeys.anyIn(config)) {
            return Optional.empty();
        }
        ZoneId zone = ScheduleKeys.zone(ScheduleKeys.TIMEZONE, config.getOrDefault(ScheduleKeys.TIMEZONE, "UTC"));
        String misfire = config.getOrDefault(ScheduleKeys.MISFIRE, ScheduleKeys.SKIP);
        return Optional.of(new Schedule(
                cron(ScheduleKeys.CRON, config, zone),
                window(config, zone),
                zone,
                misfire.equals(ScheduleKeys.RUN_ONCE) ? Misfire.RUN_ONCE : Misfire.SKIP,
                idleMs(config.getOrDefault(ScheduleKeys.IDLE_MS, "10000"))));
    }

    private static @Nullable Cron cron(String key, Map<String, String> config, ZoneId zone) {
        String text = config.get(key);
        return text == null ? null : Cron.of(key, text, zone);
    }

    private static @Nullable Window window(Map<String, String> config, ZoneId zone) {
        Cron begins = cron(ScheduleKeys.PAUSE_CRON, config, zone);
        Cron ends = cron(ScheduleKeys.RESUME_CRON, config, zone);
        return begins == null || ends == null ? null : new Window(begins, ends);
    }

    private static long idleMs(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(ScheduleKeys.IDLE_MS, text, "a number of milliseconds is wanted");
        }
    }

    /** Whether the connector is paused at that moment. */
    public boolean pausedAt(Instant now) {
        return pauses != null && pauses.covers(now);
    }
}
