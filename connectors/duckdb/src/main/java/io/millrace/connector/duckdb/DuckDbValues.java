package io.millrace.connector.duckdb;

import io.millrace.connector.tables.ColumnType;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Appends values in the form {@link ColumnType.Kind} names. */
final class DuckDbValues {

    private static final int NANOS_PER_MICRO = 1_000;

    private DuckDbValues() {}

    static void append(DuckDBAppender appender, ColumnType type, @Nullable Object value) throws SQLException {
        if (value == null) {
            appender.appendNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> appender.append((boolean) value);
            case INT8 -> appender.append((byte) value);
            case INT16 -> appender.append((short) value);
            case INT32 -> appender.append((int) value);
            case INT64 -> appender.append((long) value);
            case FLOAT32 -> appender.append((float) value);
            case FLOAT64 -> appender.append((double) value);
            case DECIMAL -> decimal(appender, type, (BigDecimal) value);
            case BYTES -> appender.append((byte[]) value);
            case DATE -> appender.appendEpochDays((int) value);
            case TIME -> appender.appendDayMicros((long) value);
            case TIME_TZ -> appender.append((OffsetTime) value);
            case TIMESTAMP, TIMESTAMP_TZ -> appender.appendEpochMicros((long) value);
            case TIMESTAMP_NANOS -> appender.appendEpochNanos((long) value);
            case UUID -> appender.append((UUID) value);
            case TEXT, JSON, INTERVAL, BITS -> appender.append((String) value);
            case ARRAY -> appender.append(list(type.requiredElement(), (List<?>) value));
        }
    }

    private static void decimal(DuckDBAppender appender, ColumnType type, BigDecimal value) throws SQLException {
        if (DuckDbDialect.isText(type)) {
            appender.append(value.toPlainString());
        } else {
            appender.append(value.setScale(type.scale()));
        }
    }

    private static List<@Nullable Object> list(ColumnType element, List<?> values) {
        List<@Nullable Object> list = new ArrayList<>(values.size());
        for (Object value : values) {
            list.add(value == null ? null : listed(element, value));
        }
        return list;
    }

    /** Within lists the appender takes the types of {@code java.time}. */
    private static Object listed(ColumnType element, Object value) {
        return switch (element.kind()) {
            case DECIMAL -> DuckDbDialect.isText(element) ? ((BigDecimal) value).toPlainString() : value;
            case DATE -> LocalDate.ofEpochDay((int) value);
            case TIME -> LocalTime.ofNanoOfDay((long) value * NANOS_PER_MICRO);
            case TIMESTAMP -> instant((long) value).atOffset(ZoneOffset.UTC).toLocalDateTime();
            case TIMESTAMP_TZ -> instant((long) value).atOffset(ZoneOffset.UTC);
            case TIMESTAMP_NANOS ->
                Instant.EPOCH.plusNanos((long) value).atOffset(ZoneOffset.UTC).toLocalDateTime();
            default -> value;
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
