package io.millrace.connector.tables;

/**
 * One column that a record fills.
 *
 * @param name the column's name, not quoted
 * @param type what the record's field holds; an existing table's column may be wider
 * @param key whether the column is part of the key that names the row
 */
public record Column(String name, ColumnType type, boolean key) {}
