package io.millrace.connector.duckdb;

import io.millrace.connector.tables.FailureKind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB's errors mean. The driver sets neither SQL state nor code: the class of an error is its first words. */
final class DuckDbFailures {

    private static final Pattern LOCK_HOLDER = Pattern.compile("\\(PID (\\d+)\\)");

    private DuckDbFailures() {}

    static FailureKind kindOf(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (startsWith(message, "Conversion Error", "Constraint Error", "Out of Range Error", "Invalid Input Error")
                || message.startsWith("Appender error")) {
            return FailureKind.RECORD;
        }
        boolean passing = startsWith(message, "TransactionContext Error", "FATAL Error", "Connection Error");
        return passing || lockedOut(message) ? FailureKind.RETRY : FailureKind.STOP;
    }

    static String explain(SQLException failure, Path file) {
        String message = String.valueOf(failure.getMessage());
        String firstLine = message.lines().findFirst().orElse(message);
        if (lockedOut(message)) {
            Matcher holder = LOCK_HOLDER.matcher(message);
            return "another process" + (holder.find() ? " (id " + holder.group(1) + ")" : "") + " has " + file
                    + " open, and DuckDB allows one at a time: close it, or query a copy.";
        }
        if (message.startsWith("Out of Memory Error")) {
            return "DuckDB ran out of memory: raise " + DuckDbConfig.MEMORY_LIMIT + ", or lower batch.size. "
                    + firstLine;
        }
        return "DuckDB file " + file.getFileName() + ": " + firstLine;
    }

    private static boolean lockedOut(String message) {
        return message.contains("Could not set lock on file");
    }

    private static boolean startsWith(String message, String... beginnings) {
        for (String beginning : beginnings) {
            if (message.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
