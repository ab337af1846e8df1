package io.millrace.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Queries on a DuckDB file. A file is open in one process at a time, so a query goes through the process that writes it
 * if there is one. Within that process the driver shares one instance for each file.
 */
public final class Warehouse {

    private static final int ROWS_MAX = 10_000;
    private static final String IN_MEMORY = ":memory:";

    private final Path file;
    private final ObjectMapper json = new ObjectMapper();

    public Warehouse(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /**
     * Runs one statement.
     *
     * @return {@code {"columns": [name...], "rows": [[text or null...]...], "more": true if rows were left out}}
     * @throws UserError with DuckDB's words if the statement or the file is wrong
     */
    public ObjectNode query(String sql) {
        if (!file.toString().equals(IN_MEMORY) && !Files.exists(file)) {
            throw new UserError("there is no warehouse yet: no file " + file);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement()) {
            ObjectNode answer = json.createObjectNode();
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    read(result, answer);
                }
            } else {
                answer.putArray("columns");
                answer.putArray("rows");
            }
            return answer;
        } catch (SQLException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private static void read(ResultSet result, ObjectNode answer) throws SQLException {
        int width = result.getMetaData().getColumnCount();
        ArrayNode columns = answer.putArray("columns");
        for (int i = 1; i <= width; i++) {
            columns.add(result.getMetaData().getColumnLabel(i));
        }
        ArrayNode rows = answer.putArray("rows");
        boolean more = result.next();
        while (more && rows.size() < ROWS_MAX) {
            ArrayNode row = rows.addArray();
            for (int i = 1; i <= width; i++) {
                row.add(result.getString(i));
            }
            more = result.next();
        }
        answer.put("more", more);
    }
}
