package io.millrace.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Holds the copies against the original, table by table: the rows of PostgreSQL against the current tables in DuckDB
 * and against the changes in Parquet files, folded to the last one of each key. Counts and a checksum over all columns.
 */
final class Reconciliation {

    /** What was found out about one table. */
    record Verdict(String table, TableSum postgres, TableSum warehouse, TableSum parquet, long orphans) {
        boolean equal() {
            return postgres.equals(warehouse) && postgres.equals(parquet) && orphans == 0;
        }
    }

    private final Connection postgres;
    private final Path warehouse;
    private final Path parquetRoot;

    /**
     * @param warehouse the DuckDB file that the sink of this process writes
     * @param parquetRoot folder with one folder of Parquet files for each topic
     */
    Reconciliation(Connection postgres, Path warehouse, Path parquetRoot) {
        this.postgres = postgres;
        this.warehouse = warehouse;
        this.parquetRoot = parquetRoot;
    }

    List<Verdict> run() throws SQLException {
        List<Verdict> verdicts = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + warehouse)) {
            for (ShopTable table : ShopTable.ALL) {
                verdicts.add(compare(table, duckdb));
            }
        }
        return verdicts;
    }

    private Verdict compare(ShopTable shopTable, Connection duckdb) throws SQLException {
        String table = shopTable.name();
        List<String> columns = columns(table);
        String list = columns.stream().map(Reconciliation::quote).collect(Collectors.joining(", "));
        String plain = "SELECT " + list + " FROM " + quote(table);
        return new Verdict(
                table,
                sum(postgres, plain, columns),
                sum(duckdb, plain, columns),
                sum(duckdb, lastOfEachKey(table, list), columns),
                orphans(shopTable));
    }

    private String lastOfEachKey(String table, String columns) throws SQLException {
        String key = primaryKey(table).stream().map(Reconciliation::quote).collect(Collectors.joining(", "));
        String files = parquetRoot.resolve(DemoPipelines.CDC_PREFIX + table) + "/**/*.parquet";
        return "SELECT " + columns + " FROM read_parquet('" + files + "', union_by_name = true) "
                + "QUALIFY row_number() OVER (PARTITION BY " + key + " ORDER BY __offset DESC) = 1 AND NOT __deleted";
    }

    private static TableSum sum(Connection database, String query, List<String> columns) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return TableSum.of(rows, columns);
        }
    }

    private List<String> columns(String table) throws SQLException {
        return strings(postgres.getMetaData().getColumns(null, "public", table, null), "COLUMN_NAME");
    }

    private List<String> primaryKey(String table) throws SQLException {
        return strings(postgres.getMetaData().getPrimaryKeys(null, "public", table), "COLUMN_NAME");
    }

    private static List<String> strings(ResultSet result, String column) throws SQLException {
        try (result) {
            List<String> strings = new ArrayList<>();
            while (result.next()) {
                strings.add(result.getString(column));
            }
            return strings;
        }
    }

    /** Rows of the original whose foreign keys name no row. */
    private long orphans(ShopTable table) throws SQLException {
        long orphans = 0;
        for (ShopTable.Reference reference : table.references()) {
            String query = ("SELECT count(*) FROM %s c WHERE c.%s IS NOT NULL "
                            + "AND NOT EXISTS (SELECT 1 FROM %s p WHERE p.%s = c.%s)")
                    .formatted(
                            quote(table.name()),
                            quote(reference.column()),
                            quote(reference.table()),
                            quote(reference.key()),
                            quote(reference.column()));
            try (Statement statement = postgres.createStatement();
                    ResultSet result = statement.executeQuery(query)) {
                result.next();
                orphans += result.getLong(1);
            }
        }
        return orphans;
    }

    private static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Prints the verdicts; true if every table is equal everywhere. */
    static boolean report(List<Verdict> verdicts, PrintStream out) {
        out.printf("%-12s  %-34s  %-10s  %-10s  %s%n", "TABLE", "POSTGRESQL", "DUCKDB", "PARQUET", "FOREIGN KEYS");
        for (Verdict verdict : verdicts) {
            out.printf(
                    "%-12s  %-34s  %-10s  %-10s  %s%n",
                    verdict.table(),
                    verdict.postgres(),
                    verdict.postgres().equals(verdict.warehouse()) ? "equal" : "DIFFERS",
                    verdict.postgres().equals(verdict.parquet()) ? "equal" : "DIFFERS",
                    verdict.orphans() == 0 ? "hold" : verdict.orphans() + " BROKEN");
        }
        Map<Boolean, List<Verdict>> byVerdict = verdicts.stream().collect(Collectors.partitioningBy(Verdict::equal));
        for (Verdict verdict : byVerdict.getOrDefault(false, List.of())) {
            out.printf("%s: PostgreSQL %s%n", verdict.table(), verdict.postgres());
            out.printf("%s: DuckDB     %s%n", verdict.table(), verdict.warehouse());
            out.printf("%s: Parquet    %s%n", verdict.table(), verdict.parquet());
        }
        return byVerdict.getOrDefault(false, List.of()).isEmpty();
    }
}
