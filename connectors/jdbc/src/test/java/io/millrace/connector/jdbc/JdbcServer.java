package io.millrace.connector.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A PostgreSQL of a test class, with one database that each test finds empty. */
final class JdbcServer implements AutoCloseable {

    private static final String DATABASE = "shop";

    private final EmbeddedPostgres server;

    private JdbcServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static JdbcServer start() throws IOException {
        return new JdbcServer(EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("hba_file", accessRules().toString())
                .start());
    }

    /** Passwords for the roles that tests make, none for the owner. */
    private static Path accessRules() throws IOException {
        Path rules = Files.createTempFile("pg_hba", ".conf");
        rules.toFile().deleteOnExit();
        return Files.writeString(rules, """
                host all postgres all trust
                host all all all scram-sha-256
                """);
    }

    /** One more connection to the database. */
    Connection anotherConnection() throws SQLException {
        return server.getDatabase("postgres", DATABASE).getConnection();
    }

    /** A connection to the database, made anew. */
    Connection freshDatabase() throws SQLException {
        try (Connection admin = server.getPostgresDatabase().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + DATABASE + " STRATEGY wal_log");
        }
        return anotherConnection();
    }

    int port() {
        return server.getPort();
    }

    Map<String, String> settings() {
        return settings(port());
    }

    /** Settings that reach the database over another port. */
    static Map<String, String> settings(int port) {
        return Map.of(
                "connection.url",
                "jdbc:postgresql://localhost:" + port + "/" + DATABASE,
                "connection.user",
                "postgres");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
