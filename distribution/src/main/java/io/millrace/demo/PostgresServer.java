package io.millrace.demo;

import io.millrace.platform.UserError;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL with logical decoding, on a directory that outlives it. A server that an earlier process left
 * behind when it was killed is stopped first.
 */
final class PostgresServer implements AutoCloseable {

    static final String DATABASE = "shop";
    static final String USER = "postgres";

    private static final int OLD_SERVER_STOP_SECONDS_MAX = 20;

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static PostgresServer start(Path directory, int port) throws InterruptedException {
        try {
            stopLeftBehind(directory);
            Files.createDirectories(directory.getParent());
            PostgresServer started = new PostgresServer(EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_replication_slots", "8")
                    .setServerConfig("max_wal_senders", "8")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .start());
            started.createDatabase();
            return started;
        } catch (UserError e) {
            throw e;
        } catch (IOException | SQLException | RuntimeException e) {
            throw new UserError("the embedded PostgreSQL on " + directory + " did not start: " + e.getMessage(), e);
        }
    }

    /** Stops the server that still runs on {@code directory}, if there is one. */
    static void stopLeftBehind(Path directory) throws IOException, InterruptedException {
        Path pidFile = directory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().trim());
        Optional<ProcessHandle> left = ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").contains("postgres"));
        if (left.isPresent()) {
            stop(left.get());
        }
        Files.deleteIfExists(pidFile);
    }

    private static void stop(ProcessHandle process) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(OLD_SERVER_STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UserError(
                    "a PostgreSQL of an earlier run (process " + process.pid() + ") does not stop; end it with `kill "
                            + process.pid() + "` and start again",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for process " + process.pid(), e);
        }
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(server.getPort(), "postgres"));
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    String url() {
        return url(server.getPort());
    }

    /** Of the demo's database in a server on that port. */
    static String url(int port) {
        return url(port, DATABASE);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
