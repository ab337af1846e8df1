package io.millrace.connector.cdc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all tests of the module, ended with the JVM; each test has a database of its own in it. */
final class Databases {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start("logical");

    private Databases() {}

    static EmbeddedPostgres start(String walLevel) {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", walLevel)
                    .setServerConfig("max_replication_slots", "40")
                    .setServerConfig("max_wal_senders", "40")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EmbeddedPostgres server() {
        return SERVER;
    }

    /** A new, empty database. */
    static Database create() {
        String name = "test" + COUNT.incrementAndGet();
        Database postgres = new Database("postgres", SERVER.getPort());
        postgres.execute("CREATE DATABASE " + name);
        return new Database(name, SERVER.getPort());
    }

    /** A database of a server, and a shorthand for what tests do in it. */
    record Database(String name, int port) {

        Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:postgresql://localhost:" + port + "/" + name, "postgres", "postgres");
        }

        /** Each statement in a transaction of its own. */
        void execute(String... statements) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        String text(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The config of a connector that captures this database; topics are {@code shop.<schema>.<table>}. */
        Map<String, String> config() {
            Map<String, String> config = new HashMap<>();
            config.put("name", name);
            config.put("topic.prefix", "shop");
            config.put("slot.name", "millrace_" + name);
            config.put("publication.name", "millrace_" + name);
            config.put("database.hostname", "localhost");
            config.put("database.port", Integer.toString(port));
            config.put("database.user", "postgres");
            config.put("database.password", "postgres");
            config.put("database.dbname", name);
            return config;
        }
    }
}
