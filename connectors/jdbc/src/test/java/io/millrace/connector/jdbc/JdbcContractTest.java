package io.millrace.connector.jdbc;

import io.millrace.connect.testkit.contract.SinkContract;
import io.millrace.connect.testkit.contract.SinkSystem;
import io.millrace.connector.tables.TableSystem;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of sinks, on PostgreSQL. */
final class JdbcContractTest extends SinkContract {

    private static JdbcServer server;
    private static Connection observer;

    @BeforeAll
    static void startServer() throws IOException, SQLException {
        server = JdbcServer.start();
        observer = server.freshDatabase();
    }

    @AfterAll
    static void stopServer() throws IOException, SQLException {
        observer.close();
        server.close();
    }

    @Override
    protected SinkSystem system() {
        return new TableSystem(JdbcSinkConnector::new, server.settings(), observer);
    }
}
