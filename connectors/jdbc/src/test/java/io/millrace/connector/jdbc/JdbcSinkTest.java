package io.millrace.connector.jdbc;

import io.millrace.connector.tables.TableSinkContract;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract of table sinks, on PostgreSQL. */
final class JdbcSinkTest extends TableSinkContract {

    private static EmbeddedPostgres server;
    private Connection observer;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        try (Connection admin = server.getPostgresDatabase().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS shop WITH (FORCE)");
            statement.execute("CREATE DATABASE shop");
        }
        observer = server.getDatabase("postgres", "shop").getConnection();
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
        return Map.of(
                "connection.url",
                server.getJdbcUrl("postgres", "shop").replaceAll("\\?.*", ""),
                "connection.user",
                "postgres");
    }

    @Override
    protected Connection observer() {
        return observer;
    }
}
