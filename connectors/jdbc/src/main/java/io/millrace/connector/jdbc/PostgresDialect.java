package io.millrace.connector.jdbc;

import io.millrace.connector.tables.Column;
import io.millrace.connector.tables.ColumnType;
import io.millrace.connector.tables.Dialect;
import io.millrace.connector.tables.FailureKind;
import io.millrace.connector.tables.RowSet;
import io.millrace.connector.tables.RowSet.Operation;
import io.millrace.connector.tables.Sql;
import io.millrace.connector.tables.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * PostgreSQL. Few rows go as one batch of parameters, many by COPY: into the table itself when rows are only added,
 * else into a temporary table and from there in one statement. All values travel as text that the server reads in the
 * type of the column, so a table made by others may have any type that can read it.
 */
final class PostgresDialect implements Dialect {

    /** From this many rows on, COPY is faster than parameters. */
    static final int COPY_ROWS_MIN = 200;

    private static final String STAGE = "pg_temp.millrace_stage";
    private static final int COPY_CHUNK = 64 * 1024;
    private static final int IDENTIFIER_BYTES_MAX = 63;
    private static final int DECIMAL_DIGITS = 38;
    private static final int DECIMAL_DIGITS_MAX = 1000;
    private static final int CONNECT_SECONDS = 10;
    private static final int ANSWER_SECONDS = 300;

    private final JdbcConfig config;
    private final Lock lock = new ReentrantLock();

    PostgresDialect(JdbcConfig config) {
        this.config = config;
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = config.driverProperties();
        properties.putIfAbsent("ApplicationName", "millrace");
        properties.putIfAbsent("loginTimeout", String.valueOf(CONNECT_SECONDS));
        properties.putIfAbsent("socketTimeout", String.valueOf(ANSWER_SECONDS));
        properties.putIfAbsent("tcpKeepAlive", "true");
        Connection connection = new Driver().connect(config.url(), properties);
        if (connection == null) {
            throw new SQLException("no PostgreSQL URL", "08001");
        }
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'");
            connection.setAutoCommit(false);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    @Override
    public Lock transactionLock() {
        return lock;
    }

    @Override
    public String sqlType(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case INT8, INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64, TIMESTAMP_NANOS -> "bigint";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case DECIMAL -> decimal(type.precision(), type.scale());
            case TEXT -> "text";
            case BYTES -> "bytea";
            case DATE -> "date";
            case TIME -> "time";
            case TIME_TZ -> "time with time zone";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMP_TZ -> "timestamp with time zone";
            case UUID -> "uuid";
            case JSON -> "json";
            case INTERVAL -> "interval";
            case BITS -> "bit varying";
            case ARRAY -> sqlType(type.requiredElement()) + "[]";
        };
    }

    /** A scale that is known is kept as the column's, since sources that read the column need it. */
    private static String decimal(int precision, int scale) {
        int digits = precision == 0 ? DECIMAL_DIGITS : precision;
        if (scale < 0 || scale > digits || digits > DECIMAL_DIGITS_MAX) {
            return "numeric";
        }
        return "numeric(" + digits + "," + scale + ")";
    }

    @Override
    public String keyClause(String quotedKeyColumns) {
        return ", PRIMARY KEY (" + quotedKeyColumns + ")";
    }

    @Override
    public Map<String, String> columns(Connection connection, TableName table) throws SQLException {
        String sql = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        Map<String, String> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, table.sql());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return columns;
    }

    @Override
    public boolean ignoresCase() {
        return false;
    }

    @Override
    public int identifierBytesMax() {
        return IDENTIFIER_BYTES_MAX;
    }

    @Override
    public void write(Connection connection, RowSet rows) throws SQLException {
        if (rows.operation() == Operation.UPDATE && Sql.values(rows.columns()).isEmpty()) {
            return; // the key is all there is
        }
        if (rows.rows().size() < COPY_ROWS_MIN) {
            batch(connection, rows);
        } else if (rows.operation() == Operation.INSERT) {
            copy(connection, rows.table().sql(), rows);
        } else {
            copyAndMerge(connection, rows);
        }
    }

    /** The statement for one row, values as parameters: those that are not part of the key first, for an update. */
    private static void batch(Connection connection, RowSet rows) throws SQLException {
        boolean update = rows.operation() == Operation.UPDATE;
        int shift = update ? Sql.keys(rows.columns()).size() : 0;
        int count = rows.columns().size();
        try (PreparedStatement statement = connection.prepareStatement(rowStatement(rows))) {
            for (@Nullable Object[] row : rows.rows()) {
                for (int i = 0; i < count; i++) {
                    int at = (i + count - shift) % count + 1;
                    String text = PostgresText.of(rows.columns().get(i).type(), row[i]);
                    statement.setObject(at, text, Types.OTHER);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static String rowStatement(RowSet rows) {
        String table = rows.table().sql();
        String sameKey = Sql.each(Sql.keys(rows.columns()), column -> Sql.quote(column.name()) + " = ?", " AND ");
        return switch (rows.operation()) {
            case DELETE -> "DELETE FROM " + table + " WHERE " + sameKey;
            case UPDATE ->
                "UPDATE " + table + " SET "
                        + Sql.each(Sql.values(rows.columns()), column -> Sql.quote(column.name()) + " = ?", ", ")
                        + " WHERE " + sameKey;
            case INSERT -> insertRow(rows);
            case UPSERT -> insertRow(rows) + onConflict(rows);
        };
    }

    private static String insertRow(RowSet rows) {
        return "INSERT INTO " + rows.table().sql() + " (" + Sql.names(rows.columns()) + ") VALUES ("
                + Sql.each(rows.columns(), _ -> "?", ", ") + ")";
    }

    private static String onConflict(RowSet rows) {
        List<Column> values = Sql.values(rows.columns());
        String target = " ON CONFLICT (" + Sql.names(Sql.keys(rows.columns())) + ") DO ";
        return target + (values.isEmpty() ? "NOTHING" : "UPDATE SET " + Sql.assignments(rows, "excluded"));
    }

    private static void copyAndMerge(Connection connection, RowSet rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE millrace_stage ON COMMIT DROP AS SELECT " + Sql.names(rows.columns())
                    + " FROM " + rows.table().sql() + " WITH NO DATA");
            copy(connection, STAGE, rows);
            statement.execute(
                    switch (rows.operation()) {
                        case DELETE -> Sql.deleteFrom(STAGE, rows);
                        case UPDATE -> Sql.updateFrom(STAGE, rows);
                        case UPSERT -> Sql.insertFrom(STAGE, rows) + onConflict(rows);
                        case INSERT -> Sql.insertFrom(STAGE, rows);
                    });
            statement.execute("DROP TABLE " + STAGE);
        }
    }

    private static void copy(Connection connection, String table, RowSet rows) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " (" + Sql.names(rows.columns()) + ") FROM STDIN");
        try {
            StringBuilder text = new StringBuilder(COPY_CHUNK + COPY_CHUNK / 4);
            for (@Nullable Object[] row : rows.rows()) {
                PostgresText.appendCopyLine(text, rows.columns(), row);
                if (text.length() >= COPY_CHUNK) {
                    send(copy, text);
                }
            }
            send(copy, text);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void send(CopyIn copy, StringBuilder text) throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    @Override
    public FailureKind kindOf(SQLException failure) {
        return PostgresFailures.kindOf(failure);
    }

    @Override
    public String explain(SQLException failure) {
        return PostgresFailures.explain(failure, config);
    }
}
