package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.connector.cdc.Databases.Database;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** After a stop, a crash or a broken connection at any place, what was sent adds up to what the table holds. */
class ResumeTest {

    private static final String TOPIC = "shop.public.t";

    private final Database database = Databases.create();

    ResumeTest() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
    }

    @Test
    void goesOnAfterAStop() {
        try (Capture capture = new Capture(database.config()).start()) {
            database.execute("INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'b')");
            capture.await(2);
            capture.stop();
            database.execute("DELETE FROM t WHERE id = 1", "UPDATE t SET name = 'c'", "INSERT INTO t VALUES (3, 'd')");
            assertBecomesEqual(capture.start());
        }
    }

    /** All rows of one COPY share a position in the log (debezium/dbz#1554). */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 99, 100})
    void losesNothingAfterACrashWithinRowsThatShareAPosition(int stored) {
        try (Capture capture = new Capture(database.config()).start()) {
            copy(1, 100);
            capture.await(100);
            capture.commitFirst(stored + capture.receivedCount() - 100);
            capture.crash();
            database.execute("INSERT INTO t VALUES (1000, 'after')");
            assertBecomesEqual(capture.start());
        }
    }

    @Test
    void losesNothingAfterACrashInTheMiddleOfABigTransaction() {
        try (Capture capture = new Capture(database.config()).start()) {
            copy(1, 40_000);
            capture.await(10_000);
            capture.commit();
            capture.crash();
            assertBecomesEqual(capture.start());
        }
    }

    /** The second transaction begins before the first and commits after it, and its writes lie on both sides. */
    @Test
    void losesNothingOfTransactionsThatInterleave() throws SQLException {
        try (Capture capture = new Capture(database.config()).start();
                Connection slow = database.connect();
                Statement inSlow = slow.createStatement()) {
            slow.setAutoCommit(false);
            inSlow.execute("INSERT INTO t VALUES (1, 'slow')");
            database.execute("INSERT INTO t VALUES (2, 'quick')");
            inSlow.execute("INSERT INTO t VALUES (3, 'slow')");
            database.execute("INSERT INTO t VALUES (4, 'quick')");
            inSlow.execute("INSERT INTO t VALUES (5, 'slow')");
            capture.await(2);
            capture.commit();
            capture.crash();
            slow.commit();
            assertBecomesEqual(capture.start());
        }
    }

    @Test
    void deletesDuringABrokenOffSnapshotAreNotForgotten() {
        database.execute("INSERT INTO t SELECT i, 'x' FROM generate_series(1, 3000) i");
        Map<String, String> config = database.config();
        config.put("max.batch.size", "50");
        config.put("max.queue.size", "100");
        config.put("snapshot.fetch.size", "100");
        try (Capture capture = new Capture(config).start()) {
            capture.await(300);
            capture.commit();
            capture.crash();
            assertThat(capture.rows()).hasSizeLessThan(3000);
            database.execute("DELETE FROM t WHERE id <= 200", "UPDATE t SET name = 'y' WHERE id <= 400");
            assertBecomesEqual(capture.start());
        }
    }

    @Test
    void deletesBeforeTheFirstStoredOffsetAreNotForgotten() {
        database.execute("INSERT INTO t VALUES (1, 'x'), (2, 'x')");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(2);
            capture.stop();
            capture.resetOffsets();
            database.execute("DELETE FROM t WHERE id = 1", "INSERT INTO t VALUES (3, 'x')");
            assertBecomesEqual(capture.start());
        }
    }

    @Test
    void takesUpABrokenConnectionByItself() {
        try (Capture capture = new Capture(database.config()).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')");
            capture.await(1);
            capture.commit();
            database.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                    + database.config().get("slot.name") + "'");
            database.execute("INSERT INTO t VALUES (2, 'y')");
            assertBecomesEqual(capture);
            assertThat(capture.interruptions()).isPositive();
        }
    }

    @Test
    void slotMovesOnWhileOnlyOtherTablesChange() {
        database.execute("CREATE TABLE other (id int PRIMARY KEY)", "INSERT INTO t VALUES (1, 'x')");
        Map<String, String> config = database.config();
        config.put("table.include.list", "public.t");
        config.put("heartbeat.interval.ms", "100");
        try (Capture capture = new Capture(config).start()) {
            capture.await(1);
            database.execute("INSERT INTO other SELECT generate_series(1, 20000)");
            String written = database.text("SELECT pg_current_wal_lsn()");
            await().until(() -> {
                capture.poll();
                capture.commit();
                return database.text("SELECT confirmed_flush_lsn >= '" + written
                                + "' FROM pg_replication_slots WHERE slot_name = '" + config.get("slot.name") + "'")
                        .equals("t");
            });
            assertThat(capture.rows()).hasSize(1);
        }
    }

    private void copy(int from, int to) {
        String rows =
                IntStream.rangeClosed(from, to).mapToObj(id -> id + ",row" + id).collect(Collectors.joining("\n"));
        try (Connection connection = database.connect()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY t FROM STDIN CSV", new StringReader(rows));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertBecomesEqual(Capture capture) {
        Map<Object, Object> table = new TreeMap<>(table());
        capture.awaitUntil(rows -> sent(capture).equals(table));
        assertThat(sent(capture)).isEqualTo(table);
    }

    private static Map<Object, Object> sent(Capture capture) {
        Map<Object, Object> rows = new TreeMap<>();
        capture.state(TOPIC).values().forEach(row -> rows.put(row.getInt32("id"), row.getString("name")));
        return rows;
    }

    private Map<Object, Object> table() {
        Map<Object, Object> rows = new TreeMap<>();
        String all = database.text("SELECT string_agg(id || '=' || name, ',') FROM t");
        for (String row : all.split(",")) {
            rows.put(Integer.valueOf(row.substring(0, row.indexOf('='))), row.substring(row.indexOf('=') + 1));
        }
        return rows;
    }
}
