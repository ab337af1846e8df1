package io.millrace.connector.tables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table to be written in one way. No two rows of an upsert, update or delete have the same key.
 *
 * @param table where they go; it exists and has the columns
 * @param columns the columns that are written, in the order of the values; only key columns when rows are deleted
 * @param operation what happens to the rows
 * @param complete whether the table has no column besides these; otherwise an upsert keeps what the others hold
 * @param rows the values, in the form {@link ColumnType.Kind} names for each column
 */
public record RowSet(
        TableName table, List<Column> columns, Operation operation, boolean complete, List<@Nullable Object[]> rows) {

    /** What happens to rows. */
    public enum Operation {
        /** Each row is added. */
        INSERT,
        /** Each row replaces the row of its key, or is added. */
        UPSERT,
        /** Each row replaces the row of its key; a row whose key is not there is dropped. */
        UPDATE,
        /** The row of each key goes away. */
        DELETE
    }
}
