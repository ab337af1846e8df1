package io.millrace.connect.schedule;

import io.millrace.connect.plugin.ScheduleKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;

/**
 * A cron expression of Quartz in a time zone: points in time, each a whole second.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Cron {

    /** How far to look back for the last fire: Quartz looks forward only, so each stride bounds the steps. */
    private static final List<Duration> STRIDES = List.of(
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(31),
            Duration.ofDays(366),
            Duration.ofDays(9 * 366));

    private final CronExpression expression;

    private Cron(CronExpression expression) {
        this.expression = expression;
    }

    /**
     * @param key where the expression stands
     * @throws ConfigException when it is none
     */
    static Cron of(String key, String text, ZoneId zone) {
        return new Cron(ScheduleKeys.cron(key, text, zone));
    }

    /** The expression. */
    public String text() {
        return expression.getCronExpression();
    }

    /** The first fire after that moment. */
    public Optional<Instant> next(Instant after) {
        return Optional.ofNullable(nextOrNull(after));
    }

    private @Nullable Instant nextOrNull(Instant after) {
        synchronized (expression) {
            return ScheduleKeys.next(expression, after);
        }
    }

    /** The last fire that is not after that moment, if there was one within some nine years. */
    Optional<Instant> last(Instant notAfter) {
        return STRIDES.stream()
                .map(stride -> lastWithin(notAfter.minus(stride), notAfter))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private @Nullable Instant lastWithin(Instant after, Instant notAfter) {
        Instant last = null;
        Instant next = nextOrNull(after);
        while (next != null && !next.isAfter(notAfter)) {
            last = next;
            next = nextOrNull(next);
        }
        return last;
    }

    /** For a trigger of Quartz. */
    CronScheduleBuilder forTrigger() {
        return CronScheduleBuilder.cronSchedule(new CronExpression(expression));
    }
}
