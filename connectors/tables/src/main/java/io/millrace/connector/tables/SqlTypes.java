package io.millrace.connector.tables;

import static java.util.Map.entry;

import io.millrace.connector.tables.ColumnType.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the type names that PostgreSQL's {@code format_type} and DuckDB's catalog give to columns. */
final class SqlTypes {

    /** Name, optional parameters, the rest of the name: {@code timestamp(3) with time zone}. */
    private static final Pattern NAME =
            Pattern.compile("([a-z_0-9 ]+?)\\s*(?:\\((\\d+)(?:,\\s*(\\d+))?\\))?( with.*)?");

    private static final int MICROS = 6;

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            entry("boolean", Kind.BOOLEAN),
            entry("tinyint", Kind.INT8),
            entry("smallint", Kind.INT16),
            entry("integer", Kind.INT32),
            entry("bigint", Kind.INT64),
            entry("real", Kind.FLOAT32),
            entry("float", Kind.FLOAT32),
            entry("double", Kind.FLOAT64),
            entry("double precision", Kind.FLOAT64),
            entry("numeric", Kind.DECIMAL),
            entry("decimal", Kind.DECIMAL),
            entry("text", Kind.TEXT),
            entry("varchar", Kind.TEXT),
            entry("character varying", Kind.TEXT),
            entry("character", Kind.TEXT),
            entry("bytea", Kind.BYTES),
            entry("blob", Kind.BYTES),
            entry("date", Kind.DATE),
            entry("time", Kind.TIME),
            entry("timestamp", Kind.TIMESTAMP),
            entry("timestamp_s", Kind.TIMESTAMP),
            entry("timestamp_ms", Kind.TIMESTAMP),
            entry("timestamp_ns", Kind.TIMESTAMP_NANOS),
            entry("uuid", Kind.UUID),
            entry("json", Kind.JSON),
            entry("jsonb", Kind.JSON),
            entry("interval", Kind.INTERVAL),
            entry("bit", Kind.BITS),
            entry("bit varying", Kind.BITS));

    private SqlTypes() {}

    /** The type behind a name, or null for one that only the database knows (an enum, a domain, a struct). */
    static @Nullable ColumnType parse(String typeName) {
        String name = typeName.toLowerCase(Locale.ROOT);
        if (name.endsWith("[]")) {
            ColumnType element = parse(name.substring(0, name.length() - 2));
            return element == null ? null : ColumnType.array(element);
        }
        Matcher parts = NAME.matcher(name);
        Kind kind = parts.matches() ? KINDS.get(parts.group(1)) : null;
        if (kind == null) {
            return null;
        }
        int first = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        return switch (kind) {
            case DECIMAL -> decimal(first, parts.group(3));
            case TIME -> ColumnType.time(zoned(parts) ? Kind.TIME_TZ : kind, digits(parts, first));
            case TIMESTAMP -> ColumnType.time(zoned(parts) ? Kind.TIMESTAMP_TZ : kind, digits(parts, first));
            case TEXT -> new ColumnType(kind, first, 0, null);
            default -> ColumnType.of(kind);
        };
    }

    private static ColumnType decimal(int precision, @Nullable String scale) {
        if (precision == 0) {
            return ColumnType.decimal(0, ColumnType.ANY_SCALE);
        }
        return ColumnType.decimal(precision, scale == null ? 0 : Integer.parseInt(scale));
    }

    private static boolean zoned(Matcher parts) {
        return parts.group(4) != null && parts.group(4).startsWith(" with ");
    }

    private static int digits(Matcher parts, int first) {
        return switch (parts.group(1)) {
            case "timestamp_s" -> 0;
            case "timestamp_ms" -> 3;
            default -> parts.group(2) == null ? MICROS : first;
        };
    }
}
