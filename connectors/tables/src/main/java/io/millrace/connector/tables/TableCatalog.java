package io.millrace.connector.tables;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The target's tables as last seen; creates and widens them. Statements that change a table run in a transaction of
 * their own, before the data's: they only add, so a row that then fails leaves nothing wrong behind.
 */
final class TableCatalog {

    private final Dialect dialect;
    private final TableSinkConfig config;
    private final Map<TableName, Map<String, String>> tables = new HashMap<>();
    private final Map<TableName, Set<List<Column>>> fitting = new HashMap<>();

    TableCatalog(Dialect dialect, TableSinkConfig config) {
        this.dialect = dialect;
        this.config = config;
    }

    /** Forgets what was seen. */
    void clear() {
        tables.clear();
        fitting.clear();
    }

    /**
     * Sees to it that a table can take a group, and gives the number of the table's columns; 0 for a missing table that
     * only deletes are meant for. Throws {@link ConnectException} when a human has to change the table or the config.
     */
    int prepare(Connection connection, ChangeGroup group) throws SQLException {
        Map<String, String> table = table(connection, group.table());
        if (table.isEmpty() && group.onlyDeletes()) {
            return 0;
        }
        Set<List<Column>> fit = fitting.computeIfAbsent(group.table(), _ -> new HashSet<>());
        if (!fit.contains(group.columns())) {
            checkNames(group);
            table = table.isEmpty() ? create(connection, group) : evolve(connection, group, table);
            checkTypes(group, table);
            fit.add(group.columns());
        }
        return table.size();
    }

    private Map<String, String> table(Connection connection, TableName name) throws SQLException {
        Map<String, String> known = tables.get(name);
        if (known == null || known.isEmpty()) {
            known = read(connection, name);
            tables.put(name, known);
        }
        return known;
    }

    private Map<String, String> read(Connection connection, TableName name) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        dialect.columns(connection, name).forEach((column, type) -> columns.put(fold(column), type));
        connection.commit();
        return columns;
    }

    private String fold(String column) {
        return dialect.ignoresCase() ? column.toLowerCase(Locale.ROOT) : column;
    }

    private Map<String, String> create(Connection connection, ChangeGroup group) throws SQLException {
        String statement = createStatement(group);
        if (!config.getBoolean(TableSinkConfig.AUTO_CREATE)) {
            throw new ConnectException("table " + group.table() + " does not exist and " + TableSinkConfig.AUTO_CREATE
                    + " is false: create it, for instance by " + statement);
        }
        return change(connection, group, List.of(statement));
    }

    private String createStatement(ChangeGroup group) {
        String columns = Sql.each(
                group.columns(),
                column -> Sql.quote(column.name()) + " " + dialect.sqlType(column.type())
                        + (column.key() ? " NOT NULL" : ""),
                ", ");
        List<Column> keys = Sql.keys(group.columns());
        String keyClause = keys.isEmpty() ? "" : dialect.keyClause(Sql.names(keys));
        return "CREATE TABLE IF NOT EXISTS " + group.table().sql() + " (" + columns + keyClause + ")";
    }

    private Map<String, String> evolve(Connection connection, ChangeGroup group, Map<String, String> table)
            throws SQLException {
        List<Column> missing = missing(group, table);
        if (missing.isEmpty()) {
            return table;
        }
        List<String> statements = missing.stream()
                .map(column -> "ALTER TABLE " + group.table().sql() + " ADD COLUMN IF NOT EXISTS "
                        + Sql.quote(column.name()) + " " + dialect.sqlType(column.type()))
                .toList();
        if (!config.getBoolean(TableSinkConfig.AUTO_EVOLVE)) {
            throw new ConnectException("table " + group.table() + " lacks columns and " + TableSinkConfig.AUTO_EVOLVE
                    + " is false: add them by " + String.join("; ", statements));
        }
        return change(connection, group, statements);
    }

    private List<Column> missing(ChangeGroup group, Map<String, String> table) {
        return group.columns().stream()
                .filter(column -> !table.containsKey(fold(column.name())))
                .toList();
    }

    /** Runs statements; when another task was quicker with the same change, its result serves as well. */
    private Map<String, String> change(Connection connection, ChangeGroup group, List<String> statements)
            throws SQLException {
        SQLException failure = null;
        try (Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
            connection.commit();
        } catch (SQLException e) {
            failure = e;
            connection.rollback();
        }
        Map<String, String> table = read(connection, group.table());
        if (failure != null && (table.isEmpty() || !missing(group, table).isEmpty())) {
            throw failure;
        }
        tables.put(group.table(), table);
        fitting.remove(group.table());
        fitting.put(group.table(), new HashSet<>());
        return table;
    }

    private void checkNames(ChangeGroup group) {
        Map<String, String> seen = new HashMap<>();
        checkLength(group.table().name(), "table");
        for (Column column : group.columns()) {
            checkLength(column.name(), "column");
            String twin = seen.put(fold(column.name()), column.name());
            if (twin != null) {
                throw new ConnectException("fields '" + twin + "' and '" + column.name() + "' for table "
                        + group.table() + " are the same column to this database: rename one in a transform");
            }
        }
    }

    private void checkLength(String name, String what) {
        if (name.getBytes(StandardCharsets.UTF_8).length > dialect.identifierBytesMax()) {
            throw new ConnectException(what + " name '" + name + "' is longer than the " + dialect.identifierBytesMax()
                    + " bytes this database keeps: shorten it (" + TableSinkConfig.STRIP_PREFIX + ", or a transform)");
        }
    }

    private void checkTypes(ChangeGroup group, Map<String, String> table) {
        for (Column column : group.columns()) {
            String typeName = table.get(fold(column.name()));
            @Nullable ColumnType type = typeName == null ? null : SqlTypes.parse(typeName);
            ColumnType own = Objects.requireNonNull(SqlTypes.parse(dialect.sqlType(column.type())));
            if (type != null && !type.holds(column.type()) && !type.holds(own)) {
                throw new ConnectException("column '" + column.name() + "' of table " + group.table() + " is "
                        + typeName + " and would not keep every " + column.type() + " of the records: ALTER TABLE "
                        + group.table().sql() + " ALTER COLUMN " + Sql.quote(column.name()) + " TYPE "
                        + dialect.sqlType(column.type()) + ", or cast the field in a transform");
            }
        }
    }
}
