package io.millrace.connector.tables;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** How the records of one topic with one pair of schemas become rows: which columns, key columns first. */
final class RowShape {

    /** In the place of a value that the source did not send because it did not change. */
    enum Unsent {
        UNCHANGED
    }

    /** Where one column's value is: in the record's key or value, in a field of it or (null) the whole of it. */
    record Source(boolean fromKey, @Nullable String field, FieldCodec codec) {}

    private final TableName table;
    private final List<Column> columns;
    private final List<Source> sources;
    private final String placeholder;
    private final byte[] placeholderBytes;

    RowShape(TableName table, List<Column> columns, List<Source> sources, String placeholder) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.sources = List.copyOf(sources);
        this.placeholder = placeholder;
        this.placeholderBytes = placeholder.getBytes(StandardCharsets.UTF_8);
    }

    TableName table() {
        return table;
    }

    List<Column> columns() {
        return columns;
    }

    /** The record's values in the order of the columns; throws {@link DataException} naming the field that is wrong. */
    @Nullable
    Object[] row(SinkRecord record) {
        @Nullable Object[] row = new @Nullable Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(record, sources.get(i), columns.get(i));
        }
        return row;
    }

    private @Nullable Object value(SinkRecord record, Source source, Column column) {
        Object holder = source.fromKey() ? record.key() : record.value();
        try {
            Object raw = source.field() == null ? holder : ((Struct) holder).getWithoutDefault(source.field());
            if (raw == null && column.key()) {
                throw new DataException("a key column cannot be null");
            }
            if (raw == null || unavailable(raw)) {
                return raw == null ? null : Unsent.UNCHANGED;
            }
            return source.codec().convert().apply(raw);
        } catch (DataException
                | ClassCastException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw new DataException("field '" + column.name() + "': " + e.getMessage(), e);
        }
    }

    private boolean unavailable(Object raw) {
        return switch (raw) {
            case String text -> text.equals(placeholder);
            case List<?> list -> list.size() == 1 && placeholder.equals(list.getFirst());
            case byte[] bytes -> Arrays.equals(bytes, placeholderBytes);
            case java.nio.ByteBuffer buffer ->
                buffer.remaining() == placeholderBytes.length
                        && Arrays.equals(FieldCodec.bytes(buffer), placeholderBytes);
            default -> false;
        };
    }
}
