package io.millrace.connector.duckdb;

import io.millrace.connector.tables.TableSinkContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of table sinks, on a DuckDB file. */
final class DuckDbSinkTest extends TableSinkContract {

    @TempDir
    private Path directory;

    private Connection observer;

    @BeforeEach
    void openObserver() throws SQLException {
        observer = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("warehouse.duckdb"));
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
}
