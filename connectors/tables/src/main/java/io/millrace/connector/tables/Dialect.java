package io.millrace.connector.tables;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * What one database does in its own way. A sink task owns its dialect and calls it from one thread; several tasks have
 * several dialects.
 */
public interface Dialect {

    /** Opens a connection with auto-commit off and the session's time zone set to UTC. */
    Connection connect() throws SQLException;

    /** Held from before a transaction begins until after it ended. */
    Lock transactionLock();

    /** The type of a new column; it keeps every value of the given type. */
    String sqlType(ColumnType type);

    /** What declares the key at the end of a new table's columns; empty where that costs more than it gives. */
    String keyClause(String quotedKeyColumns);

    /**
     * The columns of an existing table with the names of their types, in the table's order; empty when there is no such
     * table.
     */
    Map<String, String> columns(Connection connection, TableName table) throws SQLException;

    /** Whether identifiers that differ only in case name the same thing. */
    boolean ignoresCase();

    /** The longest identifier in bytes of UTF-8. */
    int identifierBytesMax();

    /** Writes rows within the connection's open transaction; it neither commits nor rolls back. */
    void write(Connection connection, RowSet rows) throws SQLException;

    /** What a failure asks for. */
    FailureKind kindOf(SQLException failure);

    /** What was wrong and what to do about it, in one or two sentences, with no secret in it. */
    String explain(SQLException failure);
}
