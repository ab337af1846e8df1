package io.millrace.connector.s3;

import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/**
 * What a schema means beyond its physical type: the logical types of Kafka Connect and the semantic types of Debezium.
 *
 * <p>A schema whose name is not known here is {@link #PLAIN}: its physical type says all.
 */
enum Semantic {
    PLAIN(0),
    DECIMAL(0),
    VARIABLE_DECIMAL(0),
    UUID(0),
    JSON(0),
    DATE(0),
    TIME_MILLIS(1_000_000),
    TIME_MICROS(1_000),
    TIME_NANOS(1),
    /** Date and time of day as a clock on the wall shows it, of no zone. */
    TIMESTAMP_MILLIS(1_000_000),
    TIMESTAMP_MICROS(1_000),
    TIMESTAMP_NANOS(1),
    /** A moment, as ISO-8601 text with its offset from UTC. */
    ZONED_TIMESTAMP(0),
    /** A moment, as milliseconds since 1970 in UTC. */
    INSTANT_MILLIS(1_000_000);

    /** The name by which {@link RowSchema} marks the time stamp of the log. */
    static final String INSTANT_MILLIS_NAME = "io.millrace.connector.s3.InstantMillis";

    private static final Map<String, Semantic> BY_NAME = Map.ofEntries(
            Map.entry(Decimal.LOGICAL_NAME, DECIMAL),
            Map.entry(Date.LOGICAL_NAME, DATE),
            Map.entry(Time.LOGICAL_NAME, TIME_MILLIS),
            Map.entry(Timestamp.LOGICAL_NAME, TIMESTAMP_MILLIS),
            Map.entry(INSTANT_MILLIS_NAME, INSTANT_MILLIS),
            Map.entry("io.debezium.time.Date", DATE),
            Map.entry("io.debezium.time.Time", TIME_MILLIS),
            Map.entry("io.debezium.time.MicroTime", TIME_MICROS),
            Map.entry("io.debezium.time.NanoTime", TIME_NANOS),
            Map.entry("io.debezium.time.Timestamp", TIMESTAMP_MILLIS),
            Map.entry("io.debezium.time.MicroTimestamp", TIMESTAMP_MICROS),
            Map.entry("io.debezium.time.NanoTimestamp", TIMESTAMP_NANOS),
            Map.entry("io.debezium.time.ZonedTimestamp", ZONED_TIMESTAMP),
            Map.entry("io.debezium.data.Uuid", UUID),
            Map.entry("io.debezium.data.Json", JSON),
            Map.entry("io.debezium.data.VariableScaleDecimal", VARIABLE_DECIMAL));

    private static final long MILLIS_PER_DAY = 86_400_000;

    private final long nanosPerUnit;

    Semantic(long nanosPerUnit) {
        this.nanosPerUnit = nanosPerUnit;
    }

    static Semantic of(Schema schema) {
        return schema.name() == null ? PLAIN : BY_NAME.getOrDefault(schema.name(), PLAIN);
    }

    /** Nanoseconds in one unit of a time or time stamp; 0 for everything else. */
    long nanosPerUnit() {
        return nanosPerUnit;
    }

    /**
     * The number that a date, time or time stamp is: Kafka Connect hands {@link java.util.Date} over, Debezium numbers.
     */
    long number(Object value) {
        if (value instanceof java.util.Date date) {
            long millis = date.toInstant().toEpochMilli();
            return this == DATE ? Math.floorDiv(millis, MILLIS_PER_DAY) : millis;
        }
        return ((Number) value).longValue();
    }
}
