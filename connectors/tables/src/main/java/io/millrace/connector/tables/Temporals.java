package io.millrace.connector.tables;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import org.apache.kafka.connect.errors.DataException;

/** Dates and times of Connect and Debezium as days and microseconds. */
final class Temporals {

    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long MICROS_PER_MILLI = 1_000L;
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int NANOS_PER_MICRO = 1_000;

    /** What Debezium's PostgreSQL connector sends for the timestamps {@code infinity} and {@code -infinity}. */
    private static final long DEBEZIUM_INFINITY = 9_223_372_036_825_200_000L;

    private static final long DEBEZIUM_MINUS_INFINITY = -9_223_372_036_832_400_000L;

    /** What it sends for the dates {@code infinity} and {@code -infinity}: -5877611-06-21 and the day after. */
    private static final int DEBEZIUM_INFINITE_DAY = -2_147_472_692;

    private Temporals() {}

    static Integer day(Date date) {
        return Math.toIntExact(Math.floorDiv(date.toInstant().toEpochMilli(), MILLIS_PER_DAY));
    }

    static Integer day(int epochDay) {
        if (epochDay == DEBEZIUM_INFINITE_DAY) {
            return ColumnType.INFINITE_DAY;
        }
        return epochDay == DEBEZIUM_INFINITE_DAY + 1 ? Integer.valueOf(-ColumnType.INFINITE_DAY) : epochDay;
    }

    static Long microsOf(Date date) {
        return Math.multiplyExact(date.toInstant().toEpochMilli(), MICROS_PER_MILLI);
    }

    static Long microsOfMillis(Object millis) {
        return Math.multiplyExact(((Number) millis).longValue(), MICROS_PER_MILLI);
    }

    static Long instant(long micros) {
        if (micros == DEBEZIUM_INFINITY) {
            return ColumnType.INFINITY;
        }
        return micros == DEBEZIUM_MINUS_INFINITY ? Long.valueOf(-ColumnType.INFINITY) : micros;
    }

    static Long zoned(String text) {
        return switch (text) {
            case "infinity" -> ColumnType.INFINITY;
            case "-infinity" -> -ColumnType.INFINITY;
            default -> micros(OffsetDateTime.parse(text).toInstant(), text);
        };
    }

    private static long micros(Instant instant, String text) {
        if (instant.getNano() % NANOS_PER_MICRO != 0) {
            throw new DataException("timestamp " + text + " is finer than the microseconds a column can hold:"
                    + " round it in a transform");
        }
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / NANOS_PER_MICRO);
    }
}
