package io.millrace.connector.duckdb;

import io.millrace.connect.testkit.contract.SimSinkContext;
import io.millrace.connector.tables.ChangeLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/** What tests let a second process do with a file: hold it open, or write into it and die. */
final class OtherProcess {

    /** Status of a process that died at once, with nothing closed. */
    static final int CRASHED = 9;

    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        switch (arguments[0]) {
            case "hold" -> hold(arguments[1]);
            case "write" -> writeAndCrash(arguments[1], Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Starts it; its output is for the caller to read. */
    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void hold(String file) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file)) {
            System.out.write((connection.isClosed() ? "closed\n" : "open\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
            if (System.in.read() >= 0) {
                throw new IllegalStateException("only the end of the input was to come");
            }
        }
    }

    private static void writeAndCrash(String file, int rows) {
        ChangeLog log = new ChangeLog("customers");
        DuckDbSinkTask task = new DuckDbSinkTask();
        task.initialize(new SimSinkContext(Map.of(), false));
        task.start(Map.of("name", "test", "database.path", file));
        task.open(log.partitions());
        for (int from = 0; from < rows; from += 100) {
            List<SinkRecord> batch = new ArrayList<>();
            for (int id = from; id < from + 100; id++) {
                batch.add(log.upsert(id, "n" + id, id));
            }
            task.put(batch);
        }
        Runtime.getRuntime().halt(CRASHED);
    }
}
