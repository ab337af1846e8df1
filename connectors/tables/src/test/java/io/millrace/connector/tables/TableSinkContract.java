package io.millrace.connector.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connect.testkit.contract.SimSinkContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.Test;

/** What every table sink does with keyed changes and with the offsets it keeps beside them. */
public abstract class TableSinkContract extends TableSinkHarness {

    private static final String ALL = "SELECT id, name, amount FROM customers ORDER BY id";

    private final ChangeLog log = new ChangeLog("customers");

    @Test
    void keepsTheLastRowOfEachKey() {
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "Ann", 10), log.upsert(2, "Bob", null), log.upsert(1, "Anna", 11)));
        assertThat(query(ALL)).containsExactly("1|Anna|11", "2|Bob|null");

        task.put(List.of(log.upsert(2, "Rob", 20), log.upsert(3, null, 30), log.delete(1)));
        assertThat(query(ALL)).containsExactly("2|Rob|20", "3|null|30");
    }

    @Test
    void appliesDeletesAndRowsOfOneKeyInOrder() {
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "a", 1), log.delete(1), log.upsert(2, "b", 2), log.delete(2)));
        assertThat(query(ALL)).isEmpty();

        task.put(List.of(log.upsert(1, "c", 3), log.delete(1), log.upsert(1, "d", null), log.delete(9)));
        assertThat(query(ALL)).containsExactly("1|d|null");
    }

    @Test
    void deletesBeforeTheFirstRowHaveNothingToDo() {
        SinkTask task = task(log.partitions());
        task.put(List.of(log.delete(1)));
        task.put(List.of(log.upsert(1, "a", 1)));
        assertThat(query(ALL)).containsExactly("1|a|1");
    }

    @Test
    void rowThatComesBackAfterItsDeleteKeepsNothingOfTheOldOne() {
        execute("CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(40), amount INTEGER, note VARCHAR(40))");
        execute("INSERT INTO customers VALUES (1, 'old', 1, 'old note'), (2, 'old', 2, 'kept')");
        SinkTask task = task(log.partitions());
        task.put(List.of(log.delete(1), log.upsert(1, "new", 5), log.upsert(2, "new", 6)));
        assertThat(query("SELECT * FROM customers ORDER BY id")).containsExactly("1|new|5|null", "2|new|6|kept");
    }

    @Test
    void skipsRecordsThatWereWrittenBefore() {
        SinkTask task = task(log.partitions(), "insert.mode", "insert", "pk.mode", "none");
        List<SinkRecord> batch = List.of(log.upsert(1, "a", 1), log.upsert(1, "b", 2));
        task.put(batch);
        task.put(batch);
        assertThat(query(ALL)).hasSize(2);
    }

    @Test
    void goesOnFromTheOffsetsStoredWithTheRowsAfterACrash() {
        SinkTask crashed = task(log.partitions(), "insert.mode", "insert", "pk.mode", "none");
        List<SinkRecord> written = List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2), log.upsert(3, "c", 3));
        crashed.put(written);
        assertThat(context(crashed).rewinds()).isEmpty();

        SinkTask next = task(log.partitions(), "insert.mode", "insert", "pk.mode", "none");
        assertThat(context(next).rewinds()).isEqualTo(Map.of(log.partition(), log.next()));
        List<SinkRecord> again = new ArrayList<>(written);
        again.add(log.upsert(4, "d", 4));
        next.put(again);
        assertThat(query(ALL)).hasSize(4);
    }

    @Test
    void hasOffsetsCommittedAsSoonAsRowsAre() {
        SinkTask task = task(log.partitions());
        task.put(List.of());
        assertThat(context(task).commitRequests()).isZero();
        task.put(List.of(log.upsert(1, "a", 1)));
        assertThat(context(task).commitRequests()).isEqualTo(1);
        Map<TopicPartition, OffsetAndMetadata> delivered = Map.of(log.partition(), new OffsetAndMetadata(1));
        assertThat(task.preCommit(delivered)).isEqualTo(delivered);

        SinkTask behind = task(log.partitions());
        assertThat(behind.preCommit(Map.of(log.partition(), new OffsetAndMetadata(0))))
                .isEmpty();
    }

    @Test
    void twoWritersOfOnePartitionWriteEachRecordOnce() {
        String[] append = {"insert.mode", "insert", "pk.mode", "none"};
        SinkTask zombie = task(log.partitions(), append);
        SinkTask successor = task(log.partitions(), append);
        List<SinkRecord> batch = List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2));
        successor.put(batch);
        assertThatThrownBy(() -> zombie.put(batch)).isInstanceOf(RetriableException.class);
        zombie.put(batch);
        assertThat(query(ALL)).hasSize(2);
    }

    @Test
    void operatorsMoveTheStoredOffsets() {
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2)));
        TableSinkConnector connector = (TableSinkConnector) connector();
        assertThat(connector.alterOffsets(settings("batch.size", "5"), Map.of(log.partition(), 1L)))
                .isTrue();
        SinkTask rewound = task(log.partitions());
        assertThat(context(rewound).rewinds()).isEqualTo(Map.of(log.partition(), 1L));

        connector.alterOffsets(settings("batch.size", "5"), Collections.singletonMap(log.partition(), null));
        SinkTask reset = task(log.partitions());
        assertThat(context(reset).rewinds()).isEmpty();
    }

    @Test
    void keepsPartitionsAndTopicsApart() {
        ChangeLog second = new ChangeLog("customers", 1);
        ChangeLog orders = new ChangeLog("orders");
        SinkTask task = task(List.of(log.partition(), second.partition(), orders.partition()), "batch.size", "2");
        task.put(List.of(
                log.upsert(1, "a", 1), second.upsert(2, "b", 2), orders.upsert(1, "o", 3), second.upsert(3, "c", 3)));
        assertThat(query(ALL)).containsExactly("1|a|1", "2|b|2", "3|c|3");
        assertThat(query("SELECT id, name FROM orders")).containsExactly("1|o");
        assertThat(query("SELECT topic, \"partition\", next_offset FROM millrace_offsets ORDER BY 1, 2"))
                .containsExactly("customers|0|1", "customers|1|2", "orders|0|1");
    }

    @Test
    void addsColumnsAndKeepsThoseThatStopComing() {
        Schema wider = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field("name", Schema.STRING_SCHEMA)
                .field("email", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        SinkTask task = task(log.partitions());
        task.put(List.of(
                log.upsert(1, "a", 1),
                log.upsert(2, "b", 2),
                log.row(2, new Struct(wider).put("id", 2L).put("name", "bb").put("email", "b@x")),
                log.upsert(1, "aa", 11),
                log.row(3, new Struct(wider).put("id", 3L).put("name", "c").put("email", "c@x"))));
        assertThat(query("SELECT id, name, amount, email FROM customers ORDER BY id"))
                .containsExactly("1|aa|11|null", "2|bb|2|b@x", "3|c|null|c@x");
    }

    @Test
    void namesTheStatementWhenItMayNotChangeTables() {
        SinkTask creator = task(log.partitions(), "auto.create", "false");
        assertThatThrownBy(() -> creator.put(List.of(log.upsert(1, "a", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("CREATE TABLE IF NOT EXISTS \"customers\" (\"id\"");
        execute("CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(20))");
        SinkTask task = task(log.partitions(), "auto.evolve", "false");
        assertThatThrownBy(() -> task.put(List.of(log.upsert(1, "a", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("ALTER TABLE \"customers\" ADD COLUMN IF NOT EXISTS \"amount\"");
    }

    @Test
    void refusesAColumnThatWouldLoseSomething() {
        execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20), amount INTEGER)");
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() -> task.put(List.of(log.upsert(1, "a", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("column 'id' of table customers is")
                .hasMessageContaining("ALTER TABLE \"customers\" ALTER COLUMN \"id\" TYPE");
    }

    @Test
    void fillsColumnsThatAreWider() {
        execute("CREATE TABLE customers (id DECIMAL(30,0) PRIMARY KEY, name VARCHAR(20), amount BIGINT)");
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "a", 1)));
        task.put(List.of(log.upsert(1, "b", 2), log.delete(7)));
        assertThat(query(ALL)).containsExactly("1|b|2");
    }

    @Test
    void quotesEveryName() {
        ChangeLog odd = new ChangeLog("sales.Order \"select\" \u00e4\u4e2d");
        Schema key = SchemaBuilder.struct().field("Group", Schema.STRING_SCHEMA).build();
        Schema row = SchemaBuilder.struct()
                .field("select", Schema.INT32_SCHEMA)
                .field("\u00dcber \"x\"", Schema.STRING_SCHEMA)
                .field("a.b; c", Schema.STRING_SCHEMA)
                .build();
        SinkTask task = task(odd.partitions(), "table.name.strip.prefix", "sales.", "table.name.format", "t_${topic}");
        Struct value =
                new Struct(row).put("select", 1).put("\u00dcber \"x\"", "y").put("a.b; c", "z");
        Struct name = new Struct(key).put("Group", "g");
        task.put(List.of(odd.record(key, name, row, value), odd.record(key, name, row, value)));
        assertThat(query("SELECT \"Group\", \"select\", \"\u00dcber \"\"x\"\"\", \"a.b; c\" FROM"
                        + " \"t_Order \"\"select\"\" \u00e4\u4e2d\""))
                .containsExactly("g|1|y|z");
        task.put(List.of(odd.record(key, name, null, null)));
        assertThat(query("SELECT * FROM \"t_Order \"\"select\"\" \u00e4\u4e2d\""))
                .isEmpty();
    }

    @Test
    void writesIntoTheSchemaOfTheFormat() {
        execute("CREATE SCHEMA mart");
        SinkTask task = task(log.partitions(), "table.name.format", "mart.${topic}");
        task.put(List.of(log.upsert(1, "a", 1)));
        assertThat(query("SELECT name FROM mart.customers")).containsExactly("a");
    }

    @Test
    void takesKeysFromFieldsOrFromASingleValue() {
        SinkTask byValue = task(log.partitions(), "pk.mode", "record_value", "pk.fields", "id");
        byValue.put(
                List.of(log.record(null, null, ChangeLog.ROW, row(5)), log.record(null, null, ChangeLog.ROW, row(5))));
        ChangeLog bare = new ChangeLog("bare");
        SinkTask single = task(bare.partitions(), "pk.fields", "code");
        Schema row = SchemaBuilder.struct().field("v", Schema.STRING_SCHEMA).build();
        single.put(List.of(
                bare.record(Schema.STRING_SCHEMA, "x", row, new Struct(row).put("v", "1")),
                bare.record(Schema.STRING_SCHEMA, "y", row, new Struct(row).put("v", "2")),
                bare.record(Schema.STRING_SCHEMA, "x", null, null)));
        assertThat(query(ALL)).containsExactly("5|n|0");
        assertThat(query("SELECT code, v FROM bare")).containsExactly("y|2");
    }

    private static Struct row(long id) {
        return new Struct(ChangeLog.ROW).put("id", id).put("name", "n").put("amount", 0);
    }

    @Test
    void appendsAndUpdatesAsTheModeSays() {
        SinkTask append = task(log.partitions(), "insert.mode", "insert", "pk.mode", "none");
        append.put(List.of(log.upsert(1, "a", 1), log.upsert(1, "a", 1), log.delete(1)));
        assertThat(query(ALL)).containsExactly("1|a|1", "1|a|1");

        ChangeLog updates = new ChangeLog("stock");
        execute("CREATE TABLE stock (id BIGINT PRIMARY KEY, name VARCHAR(20), amount INTEGER)");
        execute("INSERT INTO stock VALUES (1, 'old', 1)");
        SinkTask update = task(updates.partitions(), "insert.mode", "update");
        update.put(List.of(updates.upsert(1, "new", 2), updates.upsert(2, "nobody", 3)));
        assertThat(query("SELECT * FROM stock")).containsExactly("1|new|2");
    }

    @Test
    void skipsTombstonesWhenDeletesAreOff() {
        SinkTask task = task(log.partitions(), "delete.enabled", "false");
        task.put(List.of(log.upsert(1, "a", 1), log.delete(1)));
        assertThat(query(ALL)).containsExactly("1|a|1");
        assertThat(query("SELECT next_offset FROM millrace_offsets")).containsExactly("2");
    }

    @Test
    void keepsWhatTheSourceDidNotSend() {
        String unsent = "__debezium_unavailable_value";
        SinkTask task = task(log.partitions());
        task.put(List.of(log.upsert(1, "long text", 1), log.upsert(2, "other", 2)));
        task.put(List.of(
                log.upsert(1, unsent, 10),
                log.upsert(2, "short", 3),
                log.upsert(2, unsent, 4),
                log.upsert(3, "third", 5)));
        assertThat(query(ALL)).containsExactly("1|long text|10", "2|short|4", "3|third|5");
    }

    @Test
    void nullIsNotReplacedByTheDefaultOfTheSchema() {
        Schema row = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field(
                        "name",
                        SchemaBuilder.string().optional().defaultValue("nobody").build())
                .build();
        SinkTask task = task(log.partitions());
        task.put(List.of(log.row(1, new Struct(row).put("id", 1L).put("name", null))));
        assertThat(query("SELECT id, name FROM customers")).containsExactly("1|null");
    }

    @Test
    void setsAsideRecordsThatCannotBeRows() {
        SinkTask task = task(new SimSinkContext(Map.of(), true), log.partitions());
        SinkRecord first = log.upsert(1, "a", 1);
        SinkRecord keyless = log.record(null, null, ChangeLog.ROW, row(1));
        SinkRecord second = log.upsert(2, "b", 2);
        SinkRecord bare = log.record(ChangeLog.KEY, ChangeLog.key(2), null, Map.of("id", 2));
        task.put(List.of(first, keyless, second, bare, log.upsert(3, "c", 3)));
        assertThat(query(ALL)).containsExactly("1|a|1", "2|b|2", "3|c|3");
        assertThat(context(task).reported()).containsOnlyKeys(keyless, bare);
        assertThat(context(task).reported().get(keyless))
                .hasMessageContaining("offset 1")
                .hasMessageContaining("no key");
    }

    @Test
    void stopsBeforeARecordThatCannotBeARow() {
        SinkTask task = task(log.partitions());
        List<SinkRecord> batch = List.of(
                log.upsert(1, "a", 1),
                log.record(ChangeLog.KEY, ChangeLog.key(2), null, "text"),
                log.upsert(3, "c", 3));
        assertThatThrownBy(() -> task.put(batch))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic customers, partition 0, offset 1: the value is not a struct");
        assertThat(query(ALL)).containsExactly("1|a|1");
        assertThat(query("SELECT next_offset FROM millrace_offsets")).containsExactly("1");
    }

    private List<SinkRecord> threeOfTwoHundredAreTooBig() {
        execute("CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(20),"
                + " amount INTEGER CHECK (amount < 1000))");
        List<SinkRecord> records = new ArrayList<>();
        for (int id = 0; id < 200; id++) {
            boolean tooBig = id == 3 || id == 77 || id == 199;
            records.add(log.upsert(id, "n", tooBig ? 5000 + id : id));
        }
        return records;
    }

    @Test
    void setsAsideWhatTheDatabaseRefusesAndWritesTheRest() {
        List<SinkRecord> records = threeOfTwoHundredAreTooBig();
        SinkTask task = task(new SimSinkContext(Map.of(), true), log.partitions());
        task.put(records);
        assertThat(query("SELECT count(*), max(amount) FROM customers")).containsExactly("197|198");
        assertThat(context(task).reported()).containsOnlyKeys(records.get(3), records.get(77), records.get(199));
        assertThat(query("SELECT next_offset FROM millrace_offsets")).containsExactly("200");
        task.put(List.of(log.upsert(3, "again", 1)));
        assertThat(query("SELECT name FROM customers WHERE id = 3")).containsExactly("again");
    }

    @Test
    void stopsBeforeTheFirstRecordTheDatabaseRefuses() {
        List<SinkRecord> records = threeOfTwoHundredAreTooBig();
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() -> task.put(records))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic customers, partition 0, offset 3: table customers refuses the record")
                .hasMessageContaining("amount");
        assertThat(query("SELECT count(*) FROM customers")).containsExactly("3");
        assertThat(query("SELECT next_offset FROM millrace_offsets")).containsExactly("3");
    }

    @Test
    void writesManyRowsInEachWay() {
        int rows = 2_500;
        SinkTask task = task(log.partitions(), "batch.size", "1000");
        List<SinkRecord> records = new ArrayList<>();
        for (int id = 0; id < rows; id++) {
            records.add(log.upsert(id, "n" + id, id));
        }
        task.put(records);
        records.clear();
        for (int id = 0; id < rows; id++) {
            records.add(id % 2 == 0 ? log.delete(id) : log.upsert(id, "m" + id, -id));
        }
        task.put(records);
        assertThat(query("SELECT count(*), sum(amount), min(name), max(name) FROM customers"))
                .containsExactly("1250|-1562500|m1|m999");

        SinkTask update = task(log.partitions(), "insert.mode", "update");
        records.clear();
        for (int id = 0; id < rows; id++) {
            records.add(log.upsert(id, "u", 1));
        }
        update.put(records);
        assertThat(query("SELECT count(*), sum(amount) FROM customers")).containsExactly("1250|1250");

        ChangeLog events = new ChangeLog("events");
        SinkTask append = task(events.partitions(), "insert.mode", "insert", "pk.mode", "none");
        records.clear();
        for (int id = 0; id < rows; id++) {
            records.add(events.upsert(7, "e", 1));
        }
        append.put(records);
        assertThat(query("SELECT count(*) FROM events")).containsExactly("2500");
    }

    @Test
    void takesBatchesOfAnySizeAndSaysHowFast() {
        SinkTask task = task(log.partitions());
        for (int size : new int[] {1, 10, 200, 10_000}) {
            int rounds = Math.clamp(20_000 / size, 3, 100);
            long nanos = 0;
            for (int round = 0; round < rounds; round++) {
                List<SinkRecord> batch = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    batch.add(log.upsert(31L * round + i, "name " + i, round));
                }
                long start = System.nanoTime();
                task.put(batch);
                nanos += System.nanoTime() - start;
            }
            System.out.printf(
                    "%s: batches of %d rows, %.1f ms each, %.0f rows/s%n",
                    getClass().getSimpleName(), size, nanos / 1e6 / rounds, 1e9 * size * rounds / nanos);
        }
        assertThat(query("SELECT next_offset FROM millrace_offsets")).containsExactly(String.valueOf(log.next()));
    }

    @Test
    void asksToUnwrapEnvelopes() {
        Schema envelope = SchemaBuilder.struct()
                .field("before", Schema.OPTIONAL_STRING_SCHEMA)
                .field("after", Schema.OPTIONAL_STRING_SCHEMA)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() -> task.put(List.of(log.row(1, new Struct(envelope).put("op", "c")))))
                .hasMessageContaining("ExtractNewRecordState");
    }

    @Test
    void endsInTheStateOfTheLogWhateverTheBatches() {
        for (long seed = 1; seed <= 3; seed++) {
            execute("DROP TABLE IF EXISTS customers");
            execute("DROP TABLE IF EXISTS millrace_offsets");
            followRandomLog(new Random(seed), "seed " + seed);
        }
    }

    private void followRandomLog(Random random, String description) {
        ChangeLog changes = new ChangeLog("customers");
        Map<Long, String> expected = new TreeMap<>();
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            long id = random.nextInt(25);
            if (random.nextInt(4) == 0) {
                records.add(changes.delete(id));
                expected.remove(id);
            } else {
                records.add(changes.upsert(id, "v" + i, i));
                expected.put(id, id + "|v" + i + "|" + i);
            }
        }
        SinkTask task = task(changes.partitions(), "batch.size", String.valueOf(1 + random.nextInt(90)));
        for (int from = 0; from < records.size(); ) {
            int to = Math.min(records.size(), from + 1 + random.nextInt(120));
            task.put(records.subList(from, to));
            from = Math.max(0, to - random.nextInt(3) * random.nextInt(10));
            if (random.nextInt(4) == 0) {
                task = task(changes.partitions());
            }
            from = to == records.size() ? to : from;
        }
        assertThat(query(ALL)).as(description).containsExactlyElementsOf(expected.values());
    }
}
