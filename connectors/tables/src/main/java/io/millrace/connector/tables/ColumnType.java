package io.millrace.connector.tables;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column, independent of the database.
 *
 * @param kind the family
 * @param precision decimals: number of digits, 0 when not known; text: longest length, 0 for none
 * @param scale decimals: digits after the point, {@link #ANY_SCALE} when each value has its own; times: digits of the
 *     second's fraction
 * @param element the type of an array's elements, else null
 */
public record ColumnType(
        Kind kind, int precision, int scale, @Nullable ColumnType element) {

    /** A decimal whose values differ in scale. */
    public static final int ANY_SCALE = -1;
    /** The date, or the instant in microseconds, after all others, as PostgreSQL's and DuckDB's {@code infinity}. */
    public static final long INFINITY = Long.MAX_VALUE;
    /** The day after all others. */
    public static final int INFINITE_DAY = Integer.MAX_VALUE;

    /** Families of types, and the Java form in which their values travel. */
    public enum Kind {
        /** {@link Boolean}. */
        BOOLEAN,
        /** {@link Byte}. */
        INT8,
        /** {@link Short}. */
        INT16,
        /** {@link Integer}. */
        INT32,
        /** {@link Long}. */
        INT64,
        /** {@link Float}. */
        FLOAT32,
        /** {@link Double}. */
        FLOAT64,
        /** {@link java.math.BigDecimal}. */
        DECIMAL,
        /** {@link String}. */
        TEXT,
        /** {@code byte[]}. */
        BYTES,
        /** {@link Integer}: days since 1970-01-01; plus or minus {@link #INFINITE_DAY} is infinite. */
        DATE,
        /** {@link Long}: microseconds since midnight. */
        TIME,
        /** {@link java.time.OffsetTime}. */
        TIME_TZ,
        /** {@link Long}: microseconds of a wall clock since 1970-01-01; plus or minus {@link #INFINITY} is infinite. */
        TIMESTAMP,
        /** {@link Long}: nanoseconds of a wall clock since 1970-01-01. */
        TIMESTAMP_NANOS,
        /** {@link Long}: microseconds since 1970-01-01 UTC; plus or minus {@link #INFINITY} is infinite. */
        TIMESTAMP_TZ,
        /** {@link java.util.UUID}. */
        UUID,
        /** {@link String}: a JSON text. */
        JSON,
        /** {@link String}: an ISO 8601 duration. */
        INTERVAL,
        /** {@link String} of 0 and 1. */
        BITS,
        /** {@link java.util.List} of the element's values, nulls among them. */
        ARRAY
    }

    static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0, null);
    }

    static ColumnType time(Kind kind, int digits) {
        return new ColumnType(kind, 0, digits, null);
    }

    static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale, null);
    }

    static ColumnType array(ColumnType element) {
        return new ColumnType(Kind.ARRAY, 0, 0, element);
    }

    /** The type of an array's elements. */
    public ColumnType requiredElement() {
        return Objects.requireNonNull(element, "only an array has elements");
    }

    /** Whether a column of this type keeps every value of the other type, or refuses it with an error. */
    boolean holds(ColumnType other) {
        return switch (kind) {
            case TEXT -> other.kind != Kind.BYTES && other.kind != Kind.ARRAY;
            case INT16, INT32, INT64 -> other.isInteger() && other.kind.compareTo(kind) <= 0;
            case FLOAT32 -> other.kind == Kind.FLOAT32 || other.kind == Kind.INT8 || other.kind == Kind.INT16;
            case FLOAT64 ->
                switch (other.kind) {
                    case INT8, INT16, INT32, FLOAT32, FLOAT64 -> true;
                    default -> false;
                };
            case DECIMAL -> holdsNumber(other);
            case TIME, TIMESTAMP -> other.kind == kind && other.scale <= scale;
            case TIMESTAMP_TZ -> (other.kind == kind || other.kind == Kind.TIMESTAMP) && other.scale <= scale;
            case TIMESTAMP_NANOS -> other.kind == kind || other.kind == Kind.TIMESTAMP;
            case UUID, JSON, INTERVAL, BITS, DATE, BOOLEAN -> other.kind == kind || other.kind == Kind.TEXT;
            case ARRAY -> element != null && other.element != null && element.holds(other.element);
            case INT8, BYTES, TIME_TZ -> other.kind == kind;
        };
    }

    private boolean holdsNumber(ColumnType other) {
        if (other.kind == Kind.DECIMAL) {
            return scale == ANY_SCALE || (other.scale != ANY_SCALE && other.scale <= scale);
        }
        return other.isInteger();
    }

    private boolean isInteger() {
        return switch (kind) {
            case INT8, INT16, INT32, INT64 -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (kind) {
            case DECIMAL ->
                scale == ANY_SCALE ? name : name + "(" + (precision == 0 ? "?" : precision) + "," + scale + ")";
            case TIME, TIMESTAMP, TIMESTAMP_TZ -> name + "(" + scale + ")";
            case ARRAY -> element + "[]";
            default -> name;
        };
    }
}
