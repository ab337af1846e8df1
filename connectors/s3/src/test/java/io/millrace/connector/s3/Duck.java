package io.millrace.connector.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads files back with another program than the one that wrote them. */
final class Duck {

    private static final Connection DATABASE = open();

    private Duck() {}

    private static Connection open() {
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone = 'UTC'");
            }
            return connection;
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The rows of a query as text, columns with bars between; {@code ALL} in it stands for every file in {@code
     * folder}.
     */
    static List<String> query(Path folder, String sql) {
        String format = sql.contains("ALL_JSON") ? "**/*.json*" : "**/*.parquet";
        String files = sql.replace("ALL_JSON", "read_json('" + folder + "/" + format + "', union_by_name = true)")
                .replace("ALL", "read_parquet('" + folder + "/" + format + "', union_by_name = true)");
        try (Statement statement = DATABASE.createStatement()) {
            try (ResultSet rows = statement.executeQuery(files)) {
                return text(rows);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> text(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            List<String> line = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                line.add(String.valueOf(rows.getString(i)));
            }
            lines.add(String.join("|", line));
        }
        return lines;
    }

    /** Names of the finished files below {@code folder}, sorted. */
    static List<String> files(Path folder) {
        return list(folder).stream()
                .filter(name -> !name.substring(name.lastIndexOf('/') + 1).startsWith("."))
                .toList();
    }

    /** Names of all files below {@code folder}, sorted. */
    static List<String> list(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
