package io.millrace.connect.plugin;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** The keys of a connector's config that say when it runs. */
public final class ScheduleKeys {

    public static final String CRON = "schedule.cron";
    public static final String TIMEZONE = "schedule.timezone";
    public static final String MISFIRE = "schedule.misfire";
    public static final String IDLE_MS = "schedule.idle.ms";
    public static final String PAUSE_CRON = "schedule.pause.cron";
    public static final String RESUME_CRON = "schedule.resume.cron";

    public static final String SKIP = "skip";
    public static final String RUN_ONCE = "run.once";

    private static final String CRON_HELP =
            "A cron expression of Quartz has 6 or 7 fields: second, minute, hour, day of"
                    + " the month, month, day of the week and, if wanted, year; one of the two days is \"?\". Such as"
                    + " \"0 0 2 * * ?\": each night at two";

    private ScheduleKeys() {}

    static ConfigDef define(ConfigDef keys) {
        return pauseKeys(keys.define(
                        CRON,
                        ConfigDef.Type.STRING,
                        null,
                        cron(),
                        Importance.MEDIUM,
                        "When the connector runs, as a cron expression of Quartz: at each fire it runs until it has"
                                + " nothing to do, and rests until the next. Where it is not given, it always runs.")
                .define(
                        TIMEZONE,
                        ConfigDef.Type.STRING,
                        "UTC",
                        LambdaValidator.with(ScheduleKeys::requireZone, () -> "a time zone, such as Europe/Berlin"),
                        Importance.MEDIUM,
                        "The time zone of the schedule's cron expressions.")
                .define(
                        MISFIRE,
                        ConfigDef.Type.STRING,
                        SKIP,
                        ValidString.in(SKIP, RUN_ONCE),
                        Importance.MEDIUM,
                        "What becomes of fires at which no run could start, since the worker was down, the connector"
                                + " paused or a run under way: skip: nothing; run.once: one run, as soon as it can."));
    }

    private static ConfigDef pauseKeys(ConfigDef keys) {
        return keys.define(
                        IDLE_MS,
                        ConfigDef.Type.LONG,
                        10_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "For how many milliseconds every task must have had nothing to do, with all that it moved"
                                + " committed, until a run of the schedule is done.")
                .define(
                        PAUSE_CRON,
                        ConfigDef.Type.STRING,
                        null,
                        cron(),
                        Importance.LOW,
                        "When the connector is paused, as a cron expression of Quartz.")
                .define(
                        RESUME_CRON,
                        ConfigDef.Type.STRING,
                        null,
                        cron(),
                        Importance.LOW,
                        "When such a pause ends, as a cron expression of Quartz.");
    }

    private static ConfigDef.Validator cron() {
        return LambdaValidator.with(ScheduleKeys::requireCron, () -> "a cron expression of Quartz");
    }

    private static void requireCron(String key, @Nullable Object value) {
        if (value != null && next(cron(key, value.toString(), ZoneId.of("UTC")), Instant.now()) == null) {
            throw new ConfigException(key, value, "it never fires again");
        }
    }

    private static void requireZone(String key, @Nullable Object value) {
        ZoneId _ = zone(key, String.valueOf(value));
    }

    /**
     * Reads a cron expression.
     *
     * @param key where it stands
     * @throws ConfigException when it is none
     */
    public static CronExpression cron(String key, String text, ZoneId zone) {
        try {
            CronExpression expression = new CronExpression(text.strip());
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return expression;
        } catch (ParseException e) {
            throw new ConfigException(key, text, sentence(e) + CRON_HELP);
        }
    }

    private static String sentence(ParseException e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.endsWith(".") ? message + " " : message + ". ";
    }

    /**
     * Reads the name of a time zone.
     *
     * @param key where it stands
     * @throws ConfigException when there is none of that name
     */
    public static ZoneId zone(String key, String name) {
        try {
            return ZoneId.of(name.strip());
        } catch (DateTimeException e) {
            throw new ConfigException(
                    key,
                    name,
                    "no such time zone; did you mean \"%s\"?"
                            .formatted(NearestKey.nearest(name, ZoneId.getAvailableZoneIds())));
        }
    }

    /** What must hold between the keys; no single definition can say it. */
    static void check(Map<String, String> config, Map<String, ConfigValue> values) {
        requireOther(PAUSE_CRON, RESUME_CRON, "a pause needs an end", config, values);
        requireOther(RESUME_CRON, PAUSE_CRON, "there is no pause to end", config, values);
        requireOther(MISFIRE, CRON, "there are no fires to be missed", config, values);
        requireOther(IDLE_MS, CRON, "there are no runs to be ended", config, values);
    }

    private static void requireOther(
            String key, String other, String why, Map<String, String> config, Map<String, ConfigValue> values) {
        if (config.containsKey(key) && !config.containsKey(other)) {
            values.computeIfAbsent(key, ConfigValue::new)
                    .addErrorMessage("Invalid value %s for configuration %s: %s; set %s too"
                            .formatted(config.get(key), key, why, other));
        }
    }

    /** Whether a config has a schedule of any kind. */
    public static boolean anyIn(Map<String, String> config) {
        return config.containsKey(CRON) || config.containsKey(PAUSE_CRON);
    }

    /** The first time after the given one at which an expression fires; null: never. */
    @SuppressWarnings("JavaUtilDate") // That is what Quartz speaks.
    public static @Nullable Instant next(CronExpression cron, Instant after) {
        Date next = cron.getNextValidTimeAfter(Date.from(after));
        return next == null ? null : next.toInstant();
    }
}
