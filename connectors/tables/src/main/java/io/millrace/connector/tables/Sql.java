package io.millrace.connector.tables;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Statements in the words that PostgreSQL and DuckDB have in common. Thread-safe: it has no state. */
public final class Sql {

    private Sql() {}

    /** An identifier that means exactly this name. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The columns' names, quoted, with a comma between them. */
    public static String names(List<Column> columns) {
        return each(columns, column -> quote(column.name()), ", ");
    }

    /** One text per column, with a separator between them. */
    public static String each(List<Column> columns, Function<Column, String> text, String separator) {
        return columns.stream().map(text).collect(Collectors.joining(separator));
    }

    /** The columns that name a row. */
    public static List<Column> keys(List<Column> columns) {
        return columns.stream().filter(Column::key).toList();
    }

    /** The columns that are not part of the key. */
    public static List<Column> values(List<Column> columns) {
        return columns.stream().filter(column -> !column.key()).toList();
    }

    /** Adds every row of a staging table. */
    public static String insertFrom(String stage, RowSet rows) {
        String names = names(rows.columns());
        return "INSERT INTO " + rows.table().sql() + " (" + names + ") SELECT " + names + " FROM " + stage;
    }

    /** Deletes the rows whose keys are in a staging table. */
    public static String deleteFrom(String stage, RowSet rows) {
        return "DELETE FROM " + rows.table().sql() + " t USING " + stage + " s WHERE " + sameKey(rows);
    }

    /** Replaces the values of the rows whose keys are in a staging table. */
    public static String updateFrom(String stage, RowSet rows) {
        return "UPDATE " + rows.table().sql() + " t SET " + assignments(rows, "s") + " FROM " + stage + " s WHERE "
                + sameKey(rows);
    }

    /** {@code "c" = source."c"} for every column that is not part of the key. */
    public static String assignments(RowSet rows, String source) {
        return each(
                values(rows.columns()),
                column -> quote(column.name()) + " = " + source + "." + quote(column.name()),
                ", ");
    }

    /** The condition that rows of {@code t} and {@code s} have the same key. */
    public static String sameKey(RowSet rows) {
        return each(
                keys(rows.columns()), column -> "t." + quote(column.name()) + " = s." + quote(column.name()), " AND ");
    }
}
