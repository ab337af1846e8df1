package io.millrace.connector.duckdb;

import io.millrace.connect.testkit.contract.SinkContract;
import io.millrace.connect.testkit.contract.SinkSystem;
import io.millrace.connector.tables.TableSystem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of sinks, on a DuckDB file. */
final class DuckDbContractTest extends SinkContract {

    @TempDir
    private Path directory;

    private Connection observer;

    @BeforeEach
    void openObserver() throws SQLException {
        observer = DriverManager.getConnection("jdbc:duckdb:" + file());
    }

    @AfterEach
    void closeObserver() throws SQLException {
        observer.close();
    }

    private Path file() {
        return directory.resolve("warehouse.duckdb");
    }

    @Override
    protected SinkSystem system() {
        return new TableSystem(DuckDbSinkConnector::new, Map.of("database.path", file().toString()), observer);
    }
}
