package io.millrace.connector.cdc;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.relational.TableId;
import io.debezium.relational.Tables.ColumnNameFilter;
import io.debezium.relational.Tables.TableFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The tables that the filters of a config choose, and what stands in the way of capturing them: none is chosen, the
 * role may not read or publish one, rows of one cannot be told apart, a column would be lost on the way.
 *
 * <p>Every refusal names the tables and says, as a statement or a key where there is one, how to go on.
 */
final class CapturedTables {

    /**
     * @param name as the filters see it
     * @param quoted as a statement names it
     */
    private record Table(
            String name,
            String quoted,
            boolean identity,
            boolean key,
            boolean readable,
            boolean owned,
            boolean reselectable) {}

    /** Without system schemas. The seventh column: whether Debezium can look a row up again, see requireReselect. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname,
                c.relreplident IN ('f', 'i') OR (c.relreplident = 'd' AND
                    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)),
                EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique),
                has_table_privilege(c.oid, 'SELECT'),
                pg_has_role(c.relowner, 'USAGE'),
                c.reltoastrelid = 0 OR c.relreplident = 'f' OR NOT EXISTS (
                    SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = c.oid AND i.indisprimary AND quote_ident(a.attname) <> a.attname),
                quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            ORDER BY 1, 2
            """;

    /** What Debezium leaves out or spoils without a word. */
    private static final String LOST_COLUMNS = """
            SELECT n.nspname, c.relname, a.attname,
                CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN a.attndims > 1 THEN 'many dimensions'
                    ELSE format_type(a.atttypid, NULL) END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attnum > 0 AND NOT a.attisdropped AND (a.attgenerated <> '' OR a.attndims > 1 OR a.atttypid = ANY (
                '{money[],name[],interval[],varbit[],xml[],point[],refcursor[]}'::regtype[]::oid[]))
            ORDER BY 1, 2, 3
            """;

    private static final String PUBLISHED =
            "SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE pubname = ?";

    private static final String PUBLICATION = "SELECT pubname FROM pg_publication WHERE pubname = ?";

    private static final String QUOTED = "SELECT quote_ident(?)";

    private static final String MAY_CREATE = "SELECT has_database_privilege(current_database(), ?)";

    private static final int NAMES_SHOWN = 8;

    private final CdcConfig config;
    private final Connection connection;
    private final String role;
    private final TableFilter tables;
    private final ColumnNameFilter columns;

    CapturedTables(CdcConfig config, PostgresConnectorConfig postgres, Connection connection, String role) {
        this.config = config;
        this.connection = connection;
        this.role = role;
        tables = postgres.getTableFilters().dataCollectionFilter();
        columns = postgres.getColumnFilter();
    }

    /**
     * Checks them all.
     *
     * @throws ConnectException with the first thing that stands in the way
     */
    void require() throws SQLException {
        List<String> others = new ArrayList<>();
        List<Table> captured = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(TABLES);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Table table = table(rows);
                if (tables.isIncluded(new TableId(null, rows.getString(1), rows.getString(2)))) {
                    captured.add(table);
                } else {
                    others.add(table.name());
                }
            }
        }
        if (captured.isEmpty()) {
            throw nothingCaptured(others);
        }
        requireIdentity(captured);
        requireRights(captured);
        requireReselect(captured);
        requireWholeRows();
    }

    private static Table table(ResultSet row) throws SQLException {
        return new Table(
                row.getString(1) + "." + row.getString(2),
                row.getString(8),
                row.getBoolean(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7));
    }

    private ConnectException nothingCaptured(List<String> others) {
        String filters = config.debezium().entrySet().stream()
                .filter(entry -> entry.getKey().matches("(table|schema)\\.(include|exclude)\\.list"))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        String wanted = filters.toLowerCase(Locale.ROOT);
        List<String> nearestFirst = others.stream()
                .sorted(Comparator.comparing((String table) -> !isNamed(wanted, table)))
                .toList();
        String there = others.isEmpty()
                ? "It has no tables"
                : "It has " + shown(nearestFirst) + "; a filter is a regular expression for the whole of schema.table";
        return new ConnectException("No table of database \"" + config.value(CdcConfig.DATABASE) + "\" is captured"
                + (filters.isEmpty() ? "" : " by " + filters) + ". " + there);
    }

    private static boolean isNamed(String filters, String table) {
        return filters.contains(table.substring(table.indexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** Without an identity, PostgreSQL refuses updates and deletes of a table as soon as it is published. */
    private void requireIdentity(List<Table> captured) {
        boolean anyKey = !config.flat() || !config.value("message.key.columns").isEmpty();
        List<Table> nameless = those(captured, table -> !table.identity() || !(table.key() || anyKey));
        if (!nameless.isEmpty()) {
            throw new ConnectException("Rows of " + shown(names(nameless)) + " cannot be told apart, and once captured "
                    + "PostgreSQL would refuse to update or delete them. Add a primary key (ALTER TABLE "
                    + nameless.getFirst().quoted() + " ADD PRIMARY KEY (...)), or leave them out: table.exclude.list="
                    + String.join(",", names(nameless)));
        }
    }

    private void requireRights(List<Table> captured) throws SQLException {
        List<Table> unreadable = those(captured, table -> !table.readable());
        if (!unreadable.isEmpty()) {
            throw new ConnectException("Role " + role + " may not read " + shown(names(unreadable))
                    + ". Run as their owner: GRANT SELECT ON " + quoted(unreadable) + " TO " + role);
        }
        requirePublication(captured);
    }

    private void requirePublication(List<Table> captured) throws SQLException {
        String publication = config.value(CdcConfig.PUBLICATION);
        boolean exists = !strings(PUBLICATION, publication).isEmpty();
        List<String> published = strings(PUBLISHED, publication);
        List<Table> missing = those(captured, table -> !published.contains(table.name()));
        if (missing.isEmpty()) {
            return;
        }
        boolean owned = missing.stream().allMatch(Table::owned);
        boolean mayCreate = exists || strings(MAY_CREATE, "CREATE").contains("t");
        boolean automatic = !config.value("publication.autocreate.mode").equals("disabled");
        if (!(automatic && owned && mayCreate)) {
            String statement = exists ? "ALTER PUBLICATION %s ADD TABLE %s" : "CREATE PUBLICATION %s FOR TABLE %s";
            throw new ConnectException("Publication \"" + publication + "\" lacks " + shown(names(missing))
                    + ", and role "
                    + role + " may not add them: that takes the tables' owner, and CREATE on the database. Run as such:"
                    + " " + statement.formatted(strings(QUOTED, publication).getFirst(), quoted(missing)));
        }
    }

    private static String quoted(List<Table> tables) {
        return tables.stream().map(Table::quoted).collect(Collectors.joining(", "));
    }

    private List<String> strings(String sql, String argument) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, argument);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    strings.add(rows.getString(1));
                }
            }
        }
        return strings;
    }

    /**
     * An update does not carry large values that it leaves alone; Debezium looks them up again by the key, but writes
     * the key's column names without quotes.
     */
    private static void requireReselect(List<Table> captured) {
        List<Table> lost = those(captured, table -> !table.reselectable());
        if (!lost.isEmpty()) {
            throw new ConnectException("Key columns of " + shown(names(lost)) + " need quotes, so that large values "
                    + "cannot be looked up when an update leaves them out. Run: ALTER TABLE "
                    + lost.getFirst().quoted() + " REPLICA IDENTITY FULL");
        }
    }

    private void requireWholeRows() throws SQLException {
        List<String> lost = new ArrayList<>();
        List<String> why = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(LOST_COLUMNS);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                TableId table = new TableId(null, rows.getString(1), rows.getString(2));
                if (tables.isIncluded(table)
                        && columns.matches(null, table.schema(), table.table(), rows.getString(3))) {
                    lost.add(table.schema() + "." + table.table() + "." + rows.getString(3));
                    why.add(lost.getLast() + " (" + rows.getString(4) + ")");
                }
            }
        }
        if (!lost.isEmpty()) {
            throw new ConnectException("The change stream cannot carry " + shown(why)
                    + ". Leave them out knowingly: column.exclude.list=" + String.join(",", lost));
        }
    }

    private static List<Table> those(List<Table> captured, Predicate<Table> which) {
        return captured.stream().filter(which).toList();
    }

    private static List<String> names(List<Table> tables) {
        return tables.stream().map(Table::name).toList();
    }

    private static String shown(List<String> names) {
        String some = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return names.size() <= NAMES_SHOWN ? some : some + " and " + (names.size() - NAMES_SHOWN) + " more";
    }
}
