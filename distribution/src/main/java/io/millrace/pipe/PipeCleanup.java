package io.millrace.pipe;

import io.millrace.platform.UserError;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Drops the replication slot and the publication that a pipe has in its source, so that no WAL is kept for it. */
record PipeCleanup(PipeSource source, String slot) {

    void run(PrintStream out) {
        try (Connection connection = DriverManager.getConnection(source.jdbcUrl(), source.user(), source.password())) {
            if (exists(connection, "SELECT 1 FROM pg_replication_slots WHERE slot_name = ?")) {
                dropSlot(connection);
                out.println("dropped replication slot " + slot);
            }
            if (exists(connection, "SELECT 1 FROM pg_publication WHERE pubname = ?")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP PUBLICATION \"" + slot + "\"");
                }
                out.println("dropped publication " + slot);
            }
        } catch (SQLException e) {
            throw new UserError(
                    "cleaning up in " + source.database() + " on " + source.host() + " failed: " + e.getMessage(), e);
        }
    }

    private boolean exists(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, slot);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private void dropSlot(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
            statement.setString(1, slot);
            statement.execute();
        }
    }
}
