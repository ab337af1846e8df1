package io.millrace.connector.tables;

import org.jspecify.annotations.Nullable;

/**
 * A table as SQL names it.
 *
 * @param schema the schema, or null for the first one of the connection's search path
 * @param name the table's own name, not quoted; it may hold any character, dots too
 */
public record TableName(@Nullable String schema, String name) {

    /** The name for use in SQL: quoted, so that case, reserved words and any character keep their meaning. */
    public String sql() {
        return schema == null ? Sql.quote(name) : Sql.quote(schema) + "." + Sql.quote(name);
    }

    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}
