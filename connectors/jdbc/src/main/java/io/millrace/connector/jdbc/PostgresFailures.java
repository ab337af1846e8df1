package io.millrace.connector.jdbc;

import io.millrace.connector.tables.FailureKind;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL's errors mean, by SQLSTATE (PostgreSQL manual, appendix A). */
final class PostgresFailures {

    private PostgresFailures() {}

    static FailureKind kindOf(SQLException failure) {
        String state = stateOf(failure);
        return switch (state) {
            case "57P01", "57P02", "57P03", "57P05", "57014", "55P03", "25006", "25P03" -> FailureKind.RETRY;
            default -> kindOfClass(state.length() < 2 ? state : state.substring(0, 2));
        };
    }

    private static FailureKind kindOfClass(String stateClass) {
        return switch (stateClass) {
            // connection, transaction rollback, resources, system errors
            case "08", "40", "53", "58" -> FailureKind.RETRY;
            // cardinality (two keys that the column takes for one), data, constraint, limits such as an index row's
            // size
            case "21", "22", "23", "54" -> FailureKind.RECORD;
            default -> FailureKind.STOP;
        };
    }

    private static String stateOf(SQLException failure) {
        String state = cause(failure).getSQLState();
        return state == null ? "" : state;
    }

    /** A batch's failure says only that a batch failed; the next one says why. */
    private static SQLException cause(SQLException failure) {
        SQLException next = failure.getNextException();
        return failure instanceof BatchUpdateException && next != null ? next : failure;
    }

    static String explain(SQLException failure, JdbcConfig config) {
        SQLException cause = cause(failure);
        String target = "PostgreSQL at " + config.url().replaceFirst("\\?.*", "");
        return target + ": " + reason(cause) + advice(stateOf(cause), config);
    }

    private static String reason(SQLException cause) {
        ServerErrorMessage server = cause instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
        if (server == null) {
            return String.valueOf(cause.getMessage());
        }
        String column = server.getColumn() == null ? "" : " (column " + server.getColumn() + ")";
        String copy = server.getWhere() != null && server.getWhere().startsWith("COPY")
                ? " (" + server.getWhere().lines().findFirst().orElse("") + ")"
                : "";
        return server.getMessage() + column + copy;
    }

    private static String advice(String state, JdbcConfig config) {
        String role = config.getString(JdbcConfig.USER);
        return switch (state) {
            case "28P01", "28000" -> ". Check " + JdbcConfig.USER + " and " + JdbcConfig.PASSWORD + ".";
            case "3D000" -> ". Create the database, or correct " + JdbcConfig.URL + ".";
            case "3F000" -> ". Create the schema, or correct table.name.format.";
            case "42501" -> ". Grant it to the role" + (role == null ? "." : " " + role + ".");
            case "42P10" ->
                ". An upsert needs a primary key or unique constraint on exactly the key columns: add it, or"
                        + " set pk.fields.";
            case "23503" ->
                ". The row it refers to is not there: topics come in no order among each other, so a"
                        + " foreign key between their tables cannot hold at every moment. Drop it.";
            default -> "";
        };
    }
}
