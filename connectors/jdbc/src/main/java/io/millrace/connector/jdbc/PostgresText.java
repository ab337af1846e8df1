package io.millrace.connector.jdbc;

import io.millrace.connector.tables.Column;
import io.millrace.connector.tables.ColumnType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as the text that PostgreSQL's types read, whatever the session's settings. */
final class PostgresText {

    private static final int FOUR_DIGIT_YEAR_MAX = 9_999;
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int NANOS_PER_MICRO = 1_000;

    private PostgresText() {}

    /** The text of a value in the form {@link ColumnType.Kind} names; null stays null. */
    static @Nullable String of(ColumnType type, @Nullable Object value) {
        return value == null ? null : text(type, value);
    }

    private static String text(ColumnType type, Object value) {
        return switch (type.kind()) {
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) value);
            case DATE -> date((int) value);
            case TIME -> time((long) value);
            case TIMESTAMP -> timestamp((long) value, "");
            case TIMESTAMP_TZ -> timestamp((long) value, "+00");
            case ARRAY -> array(type.requiredElement(), (List<?>) value);
            default -> value.toString();
        };
    }

    private static String date(int epochDay) {
        if (Math.abs(epochDay) == ColumnType.INFINITE_DAY) {
            return epochDay > 0 ? "infinity" : "-infinity";
        }
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        return date(date) + era(date);
    }

    /** ISO 8601 as Java writes it differs from PostgreSQL only in years that have no four digits. */
    private static String date(LocalDate date) {
        if (date.getYear() > 0 && date.getYear() <= FOUR_DIGIT_YEAR_MAX) {
            return date.toString();
        }
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    private static String time(long micros) {
        return micros == MICROS_PER_DAY
                ? "24:00:00"
                : LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO).toString();
    }

    private static String timestamp(long micros, String zone) {
        if (Math.abs(micros) == ColumnType.INFINITY) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
        int nanos = (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        LocalDate date = time.toLocalDate();
        return date(date) + " " + time.toLocalTime() + zone + era(date);
    }

    /** {@code {"a","b",NULL}}: every element quoted, so that none is taken for a number, a null or a brace. */
    private static String array(ColumnType element, List<?> values) {
        StringBuilder text = new StringBuilder("{");
        for (Object value : values) {
            text.append(text.length() > 1 ? "," : "");
            if (value == null) {
                text.append("NULL");
            } else {
                text.append('"')
                        .append(text(element, value).replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return text.append('}').toString();
    }

    /** One line of COPY's text format. */
    static void appendCopyLine(StringBuilder line, List<Column> columns, @Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                line.append('\t');
            }
            Object value = row[i];
            if (value == null) {
                line.append("\\N");
            } else {
                escape(line, text(columns.get(i).type(), value));
            }
        }
        line.append('\n');
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }
}
