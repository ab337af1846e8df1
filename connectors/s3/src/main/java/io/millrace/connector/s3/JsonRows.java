package io.millrace.connector.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON lines: one object a line, dates and times as ISO-8601 text, bytes as Base64, decimals as plain numbers.
 */
final class JsonRows implements RowFile {

    private static final JsonFactory JSON = new JsonFactory();
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

    private final RowSchema schema;
    private final FileChannel file;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    JsonRows(RowSchema schema, boolean gzip, FileChannel file) throws IOException {
        this.schema = schema;
        this.file = file;
        this.out = gzip ? new GZIPOutputStream(RowFile.output(file), BUFFER_BYTES) : RowFile.output(file);
    }

    @Override
    public void write(SinkRecord record) throws IOException {
        line.reset();
        try (JsonGenerator to = JSON.createGenerator(line)) {
            to.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
            to.writeStartObject();
            Object bare = record.value() == null ? record.key() : record.value();
            if (bare instanceof Map<?, ?> map) {
                writeEntries(to, map, null);
            }
            for (RowSchema.Column column : schema.columns()) {
                to.writeFieldName(column.name());
                writeNamed(to, column.name(), column.schema(), column.get().apply(record));
            }
            to.writeEndObject();
        }
        line.write('\n');
        line.writeTo(out);
    }

    @Override
    public long bufferedBytes() {
        return BUFFER_BYTES;
    }

    @Override
    public long fileBytes() {
        try {
            return file.position();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void finish(long endOffset) throws IOException {
        out.close();
    }

    /** The offset in the last line of the file; empty when its lines have none. */
    static OptionalLong endOffset(FileChannel file, boolean gzip) throws IOException {
        InputStream bytes = Channels.newInputStream(file);
        String last = new BufferedReader(
                        new InputStreamReader(gzip ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8))
                .lines()
                .reduce("{}", (before, next) -> next);
        OptionalLong offset = OptionalLong.empty();
        try (JsonParser parser = JSON.createParser(last)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(RowSchema.OFFSET)) {
                    offset = OptionalLong.of(parser.getLongValue());
                }
                parser.skipChildren();
            }
        }
        return offset;
    }

    private static void writeNamed(JsonGenerator to, String name, @Nullable Schema schema, @Nullable Object value)
            throws IOException {
        try {
            write(to, schema, value);
        } catch (ArithmeticException | DateTimeException | ClassCastException e) {
            throw new DataException("Field " + name + " cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    private static void write(JsonGenerator to, @Nullable Schema schema, @Nullable Object value) throws IOException {
        Semantic semantic = schema == null ? Semantic.PLAIN : Semantic.of(schema);
        switch (value) {
            case null -> to.writeNull();
            case Struct number
            when semantic == Semantic.VARIABLE_DECIMAL -> to.writeNumber(ParquetColumn.decimalOf(number));
            case Struct struct -> {
                to.writeStartObject();
                for (Field field : struct.schema().fields()) {
                    to.writeFieldName(field.name());
                    writeNamed(to, field.name(), field.schema(), struct.get(field));
                }
                to.writeEndObject();
            }
            case Map<?, ?> map -> {
                to.writeStartObject();
                writeEntries(to, map, schema == null ? null : schema.valueSchema());
                to.writeEndObject();
            }
            case Collection<?> items -> {
                to.writeStartArray();
                for (Object item : items) {
                    write(to, schema == null ? null : schema.valueSchema(), item);
                }
                to.writeEndArray();
            }
            default -> writeScalar(to, semantic, value);
        }
    }

    private static void writeEntries(JsonGenerator to, Map<?, ?> map, @Nullable Schema values) throws IOException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            to.writeFieldName(String.valueOf(entry.getKey()));
            write(to, values, entry.getValue());
        }
    }

    private static void writeScalar(JsonGenerator to, Semantic semantic, Object value) throws IOException {
        switch (value) {
            case Object _
            when semantic == Semantic.DATE ->
                to.writeString(LocalDate.ofEpochDay(semantic.number(value)).toString());
            case Object _ when semantic.nanosPerUnit() > 0 -> to.writeString(clock(semantic, value));
            case String text -> to.writeString(text);
            case Boolean bool -> to.writeBoolean(bool);
            case BigDecimal decimal -> to.writeNumber(decimal);
            case Float single -> to.writeNumber(single);
            case Double number -> to.writeNumber(number);
            case Number whole -> to.writeNumber(whole.longValue());
            case byte[] bytes -> to.writeBinary(bytes);
            case ByteBuffer buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                to.writeBinary(bytes);
            }
            default ->
                throw new ClassCastException("no JSON for " + value.getClass().getName());
        }
    }

    private static String clock(Semantic semantic, Object value) {
        long unitsPerSecond = NANOS_PER_SECOND / semantic.nanosPerUnit();
        long units = semantic.number(value);
        return switch (semantic) {
            case TIME_MILLIS, TIME_MICROS, TIME_NANOS -> {
                long nanos = Math.multiplyExact(units, semantic.nanosPerUnit());
                yield nanos == NANOS_PER_DAY
                        ? "24:00:00"
                        : LocalTime.ofNanoOfDay(nanos).toString();
            }
            default -> {
                long seconds = Math.floorDiv(units, unitsPerSecond);
                int nanos = Math.toIntExact(Math.floorMod(units, unitsPerSecond) * semantic.nanosPerUnit());
                yield semantic == Semantic.INSTANT_MILLIS
                        ? Instant.ofEpochSecond(seconds, nanos).toString()
                        : LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC)
                                .toString();
            }
        };
    }
}
