package io.millrace.connector.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connector.tables.ChangeLog;
import io.millrace.connector.tables.TableSinkHarness;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file, many writers, crashes. */
final class DuckDbFileTest extends TableSinkHarness {

    @TempDir
    private Path directory;

    private final ChangeLog log = new ChangeLog("customers");
    private final List<Connection> observers = new ArrayList<>();

    @AfterEach
    void closeObservers() throws SQLException {
        for (Connection observer : observers) {
            observer.close();
        }
    }

    private Path file() {
        return directory.resolve("new directory").resolve("ware house.duckdb");
    }

    @Override
    protected SinkConnector connector() {
        return new DuckDbSinkConnector();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("database.path", file().toString());
    }

    @Override
    protected Connection observer() throws SQLException {
        if (observers.isEmpty()) {
            observers.add(DriverManager.getConnection("jdbc:duckdb:" + file()));
        }
        return observers.getFirst();
    }

    @Test
    void writersOfOneFileTakeTurns() {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ChangeLog changes = new ChangeLog("customers", i);
            SinkTask task = task(changes.partitions(), "memory.limit", (200 + i) + "MB");
            long first = i;
            writers.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 50; n++) {
                    task.put(List.of(changes.upsert(first + 4L * n, "n", n), changes.upsert(first, "again", n)));
                }
            }));
        }
        writers.forEach(CompletableFuture::join);
        assertThat(query("SELECT count(*), count(DISTINCT id) FROM customers")).containsExactly("200|200");
    }

    @Test
    void rowsAreVisibleToReadersWhileATransactionOfTheirsIsOpen() throws SQLException {
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "a", 1)));
        try (Connection reader = DriverManager.getConnection("jdbc:duckdb:" + file())) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT * FROM customers");
            for (int i = 0; i < 10; i++) {
                task.put(List.of(log.upsert(1, "b" + i, i), log.delete(2), log.upsert(2, "c" + i, i)));
            }
            assertThat(query("SELECT id, name FROM customers ORDER BY id")).containsExactly("1|b9", "2|c9");
        }
    }

    @Test
    void namesTheProcessThatHoldsTheFile() throws IOException {
        Files.createDirectories(file().getParent());
        Process holder = OtherProcess.start("hold", file().toString());
        try (BufferedReader output = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("open");
            SinkTask task = task(log.partitions());
            List<SinkRecord> batch = List.of(log.upsert(1, "a", 1));
            assertThatThrownBy(() -> task.put(batch))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("another process (id " + holder.pid() + ") has")
                    .hasMessageContaining("open, and DuckDB allows one at a time");
            holder.outputWriter(StandardCharsets.UTF_8).close();
            assertThat(holder.onExit().join().exitValue()).isZero();
            task.put(batch);
            assertThat(query("SELECT name FROM customers")).containsExactly("a");
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void everythingPutBeforeACrashIsThere() throws IOException {
        Process writer = OtherProcess.start("write", file().toString(), "1000");
        assertThat(writer.onExit().join().exitValue()).isEqualTo(OtherProcess.CRASHED);
        SinkTask task = task(log.partitions());
        assertThat(context(task).rewinds()).isEqualTo(Map.of(log.partition(), 1000L));
        assertThat(query("SELECT count(*), count(DISTINCT id), sum(amount) FROM customers"))
                .containsExactly("1000|1000|499500");
    }

    @Test
    void tablesOfOthersMayHavePrimaryKeysAndMoreColumns() throws IOException {
        Files.createDirectories(file().getParent());
        execute("CREATE TABLE customers (amount INTEGER DEFAULT 7, note VARCHAR DEFAULT 'new', id BIGINT PRIMARY KEY,"
                + " name VARCHAR UNIQUE)");
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2)));
        execute("UPDATE customers SET note = 'mine' WHERE id = 1");
        task.put(List.of(log.upsert(1, "c", 3), log.delete(2), log.upsert(3, "b", 4)));
        assertThat(query("SELECT id, name, amount, note FROM customers ORDER BY id"))
                .containsExactly("1|c|3|mine", "3|b|4|new");
    }

    @Test
    void fieldsThatDifferOnlyInCaseAreRefused() {
        Schema row = SchemaBuilder.struct()
                .field("Name", Schema.STRING_SCHEMA)
                .field("name", Schema.STRING_SCHEMA)
                .build();
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() -> task.put(
                        List.of(log.row(1, new Struct(row).put("Name", "a").put("name", "b")))))
                .hasMessageContaining("fields 'Name' and 'name' for table customers are the same column");
    }
}
