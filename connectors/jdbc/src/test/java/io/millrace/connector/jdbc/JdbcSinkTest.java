package io.millrace.connector.jdbc;

import io.millrace.connector.tables.TableSinkContract;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract of table sinks, on PostgreSQL. */
final class JdbcSinkTest extends TableSinkContract {

    private static JdbcServer server;
    private Connection observer;

    @BeforeAll
    static void startServer() throws IOException {
        server = JdbcServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        observer = server.freshDatabase();
    }

    @AfterEach
    void closeObserver() throws SQLException {
        observer.close();
    }

    @Override
    protected SinkConnector connector() {
        return new JdbcSinkConnector();
    }

    @Override
    protected Map<String, String> settings() {
        return server.settings();
    }

    @Override
    protected Connection observer() {
        return observer;
    }
}
