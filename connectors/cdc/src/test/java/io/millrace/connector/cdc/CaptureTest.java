package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connector.cdc.Databases.Database;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** What goes out for what happens to rows. */
class CaptureTest {

    private static final String TOPIC = "shop.public.t";

    private final Database database = Databases.create();

    @Test
    void snapshotThenChangesAreAKeyedChangeLog() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'one'), (2, NULL)");
        try (Capture capture = new Capture(database.config()).start()) {
            assertThat(capture.await(2)).extracting(CaptureTest::text).containsExactly("1=one", "2=null");

            database.execute(
                    "INSERT INTO t VALUES (3, 'three')",
                    "UPDATE t SET name = 'two' WHERE id = 2",
                    "DELETE FROM t WHERE id = 1");
            List<SourceRecord> rows = capture.await(5);

            assertThat(rows.subList(2, 5))
                    .extracting(CaptureTest::text)
                    .containsExactly("3=three", "2=two", "1 deleted");
            assertThat(rows).allSatisfy(record -> {
                assertThat(record.topic()).isEqualTo(TOPIC);
                assertThat(record.keySchema().fields()).hasSize(1);
                assertThat(record.headers()).isEmpty();
            });
        }
    }

    @Test
    void changeOfAPrimaryKeyIsADeleteAndAnInsert() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'one')");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(1);
            database.execute("UPDATE t SET id = 7 WHERE id = 1");
            assertThat(capture.await(3)).extracting(CaptureTest::text).containsExactly("1=one", "1 deleted", "7=one");
        }
    }

    @Test
    void recordsCarryTheTimeOfTheirCommit() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
        try (Capture capture = new Capture(database.config()).start()) {
            long before = System.currentTimeMillis();
            database.execute("INSERT INTO t VALUES (1, 'x')");
            long after = System.currentTimeMillis();
            assertThat(capture.await(1).getFirst().timestamp()).isBetween(before, after);
        }
    }

    @Test
    void nullInAColumnWithADefaultStaysNull() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text DEFAULT 'x')", "INSERT INTO t VALUES (1, NULL)");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(1);
            database.execute("INSERT INTO t VALUES (2, NULL)");
            assertThat(capture.await(2)).extracting(CaptureTest::text).containsExactly("1=null", "2=null");
            assertThat(value(capture.rows().getLast()).schema().field("name").schema())
                    .isEqualTo(Schema.OPTIONAL_STRING_SCHEMA);
        }
    }

    @Test
    void largeValueThatAnUpdateLeavesAloneIsLookedUp() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text, doc text)",
                "ALTER TABLE t ALTER doc SET STORAGE EXTERNAL",
                "INSERT INTO t VALUES (1, 'a', repeat('0123456789', 2000))");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(1);
            database.execute("UPDATE t SET name = 'b'");
            Struct row = value(capture.await(2).getLast());
            assertThat(row.getString("name")).isEqualTo("b");
            assertThat(row.getString("doc")).isEqualTo("0123456789".repeat(2000));
        }
    }

    @Test
    void addedColumnComesWithTheNextChange() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
        try (Capture capture = new Capture(database.config()).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')");
            capture.await(1);
            database.execute("ALTER TABLE t ADD extra int", "INSERT INTO t VALUES (2, 'y', 5)");
            List<SourceRecord> rows = capture.await(2);
            assertThat(value(rows.getFirst()).schema().field("extra")).isNull();
            assertThat(value(rows.getLast()).getInt32("extra")).isEqualTo(5);
        }
    }

    @Test
    void truncateLeavesTheRowsAndTheStreamGoesOn() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'x')");
        try (Capture capture = new Capture(database.config()).start()) {
            capture.await(1);
            database.execute("TRUNCATE t", "INSERT INTO t VALUES (2, 'y')");
            assertThat(capture.await(2)).extracting(CaptureTest::text).containsExactly("1=x", "2=y");
        }
    }

    @Test
    void onlyChosenTablesAreCaptured() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "CREATE SCHEMA \"Odd schema\"",
                "CREATE TABLE \"Odd schema\".\"Odd Table\" (id int PRIMARY KEY, \"Name\" text)",
                "INSERT INTO other VALUES (1)",
                "INSERT INTO \"Odd schema\".\"Odd Table\" VALUES (1, 'x')");
        Map<String, String> config = database.config();
        config.put("table.include.list", "public.t,Odd schema\\.Odd Table");
        try (Capture capture = new Capture(config).start()) {
            capture.await(1);
            database.execute(
                    "INSERT INTO other VALUES (2)",
                    "INSERT INTO \"Odd schema\".\"Odd Table\" VALUES (2, 'y')",
                    "INSERT INTO t VALUES (1, 'x')");
            assertThat(capture.await(3))
                    .extracting(SourceRecord::topic)
                    .containsExactly("shop.Odd_schema.Odd_Table", "shop.Odd_schema.Odd_Table", TOPIC);
        }
    }

    @Test
    void metadataColumnsSayHowARowCameAbout() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'x')");
        Map<String, String> config = database.config();
        config.put("row.metadata", "true");
        try (Capture capture = new Capture(config).start()) {
            capture.await(1);
            database.execute("INSERT INTO t VALUES (2, 'y')");
            Struct row = value(capture.await(2).getLast());
            assertThat(row.getString("__op")).isEqualTo("c");
            assertThat(Objects.requireNonNull(row.getInt64("__committed_at")) / 1000)
                    .isEqualTo(capture.rows().getLast().timestamp());
            assertThat(row.getInt64("__lsn")).isPositive();
            assertThat(row.getInt64("__tx_id")).isPositive();
            assertThat(value(capture.rows().getFirst()).getString("__op")).isEqualTo("r");
        }
    }

    @Test
    void envelopeFormatIsDebeziumsOwn() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
        Map<String, String> config = database.config();
        config.put("row.format", "envelope");
        try (Capture capture = new Capture(config).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')", "DELETE FROM t");
            List<SourceRecord> rows = capture.await(3);
            assertThat(value(rows.getFirst()).getStruct("after").getString("name"))
                    .isEqualTo("x");
            assertThat(value(rows.get(1)).getString("op")).isEqualTo("d");
            assertThat(rows.get(2).value()).isNull();
        }
    }

    private static Struct value(SourceRecord record) {
        return (Struct) record.value();
    }

    private static String text(SourceRecord record) {
        Object id = ((Struct) record.key()).get("id");
        return record.value() == null
                ? id + " deleted"
                : id + "=" + value(record).get("name");
    }
}
