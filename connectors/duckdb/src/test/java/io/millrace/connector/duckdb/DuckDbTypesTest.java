package io.millrace.connector.duckdb;

import static java.util.Map.entry;

import io.millrace.connector.tables.ColumnTypesContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Types, on a DuckDB file. */
final class DuckDbTypesTest extends ColumnTypesContract {

    @TempDir
    private Path directory;

    private Connection observer;

    @BeforeEach
    void openObserver() throws SQLException {
        observer = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("warehouse.duckdb"));
        execute("SET TimeZone = 'UTC'");
    }

    @AfterEach
    void closeObserver() throws SQLException {
        observer.close();
    }

    @Override
    protected SinkConnector connector() {
        return new DuckDbSinkConnector();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("database.path", directory.resolve("warehouse.duckdb").toString());
    }

    @Override
    protected Connection observer() {
        return observer;
    }

    @Override
    protected Map<String, String> texts() {
        return Map.ofEntries(
                entry("nan", "nan"),
                entry("infinite", "-inf"),
                entry("bytes", "\\x00\\x01\\x5C\\xFF"),
                entry("buffer", "ab"),
                entry("dbz_date", "0001-12-31 (BC)"),
                entry("nano_ts", "1970-01-01 00:00:01.000000001"),
                entry("ints", "[1, NULL, 3]"),
                entry("none", "[]"),
                entry("words", "[a b, 'c\"d\\\\', '']"),
                entry("days", "[1970-01-01, 2024-02-29]"),
                entry("instants", "['2024-07-01 12:00:00+00']"),
                entry("decimals", "[1.10]"),
                entry("flags", "[true, false]"));
    }

    @Override
    protected Map<String, String> columnTypes() {
        return Map.ofEntries(
                entry("int8", "TINYINT"),
                entry("dec", "DECIMAL(38,2)"),
                entry("dec_precise", "DECIMAL(12,3)"),
                entry("dec_huge", "VARCHAR"),
                entry("dec_variable", "VARCHAR"),
                entry("uuid", "UUID"),
                entry("json", "JSON"),
                entry("date", "DATE"),
                entry("micro_time", "TIME"),
                entry("micro_ts", "TIMESTAMP"),
                entry("nano_ts", "TIMESTAMP_NS"),
                entry("zoned", "TIMESTAMP WITH TIME ZONE"),
                entry("zoned_time", "TIME WITH TIME ZONE"),
                entry("ints", "INTEGER[]"));
    }

    @Override
    protected String columnTypesQuery() {
        return "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'samples'";
    }
}
