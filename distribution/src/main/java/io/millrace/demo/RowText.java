package io.millrace.demo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One text for equal rows, from whichever database they come: numbers without trailing zeros, points in time in UTC to
 * the microsecond, bytes in hexadecimal. Fields are parted by a character that text columns do not hold.
 */
final class RowText {

    private static final char FIELD_END = '\u001f';
    private static final String NULL = "\u0000";

    private RowText() {}

    static String of(ResultSet row, int columns) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
            text.append(text(read(row, i))).append(FIELD_END);
        }
        return text.toString();
    }

    /** Drivers turn a timestamp into the zone of this machine unless it is asked for by its own type. */
    private static @Nullable Object read(ResultSet row, int column) throws SQLException {
        return switch (row.getMetaData().getColumnTypeName(column).toLowerCase(Locale.ROOT)) {
            case "timestamp" -> row.getObject(column, LocalDateTime.class);
            case "timestamptz", "timestamp with time zone" -> row.getObject(column, OffsetDateTime.class);
            default -> row.getObject(column);
        };
    }

    private static String text(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> NULL;
            case BigDecimal number -> plain(number);
            case Double number -> plain(number);
            case Float number -> plain(number.doubleValue());
            case Long number -> number.toString();
            case Integer number -> number.toString();
            case Short number -> number.toString();
            case Byte number -> number.toString();
            case BigInteger number -> number.toString();
            case LocalDateTime time -> micros(time.toInstant(ZoneOffset.UTC));
            case OffsetDateTime time -> micros(time.toInstant());
            case Timestamp time -> micros(time.toInstant());
            case Date date -> date.toLocalDate().toString();
            case Time time -> time.toLocalTime().toString();
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case Blob blob -> HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
            default -> value.toString();
        };
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String plain(double number) {
        return Double.isFinite(number) ? plain(BigDecimal.valueOf(number)) : Double.toString(number);
    }

    private static String micros(Instant time) {
        return time.getEpochSecond() + "." + "%06d".formatted(time.getNano() / 1_000);
    }
}
