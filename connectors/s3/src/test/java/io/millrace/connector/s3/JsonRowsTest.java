package io.millrace.connector.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonRowsTest {

    private static final TopicPartition ORDERS = new TopicPartition(Rows.TOPIC, 0);
    private static final String PLACE = "topics/shop.orders/partition=0/shop.orders+0+";

    @TempDir
    Path folder;

    private SimSinkRuntime runtime(String... more) {
        Map<String, String> config = new HashMap<>(
                Map.of("store.url", folder.toUri().toString(), "format.class", "json", "flush.size", "1"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return Runtimes.on(config);
    }

    private List<String> lines(long offset) throws IOException {
        return Files.readAllLines(folder.resolve(PLACE + "%010d.json".formatted(offset)));
    }

    @Test
    void writesOneObjectALine() throws IOException {
        SimSinkRuntime runtime = runtime("flush.size", "2")
                .append(Rows.row(0), Rows.tombstone(1, 0))
                .start();

        runtime.drain();

        assertThat(lines(0))
                .containsExactly(
                        "{\"id\":0,\"name\":\"row 0\",\"__partition\":0,\"__offset\":0,"
                                + "\"__timestamp\":\"1970-01-01T00:00:00Z\",\"__deleted\":false}",
                        "{\"id\":0,\"name\":null,\"__partition\":0,\"__offset\":1,"
                                + "\"__timestamp\":\"1970-01-01T00:00:00.001Z\",\"__deleted\":true}");
    }

    @Test
    void writesWhatTheTypesMean() throws IOException {
        Schema schema = SchemaBuilder.struct()
                .field("price", Decimal.schema(2))
                .field(
                        "day",
                        SchemaBuilder.int32().name("io.debezium.time.Date").build())
                .field(
                        "at",
                        SchemaBuilder.int64()
                                .name("io.debezium.time.MicroTimestamp")
                                .build())
                .field(
                        "clock",
                        SchemaBuilder.int64().name("io.debezium.time.MicroTime").build())
                .field("bytes", Schema.BYTES_SCHEMA)
                .field(
                        "list",
                        SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
                .field(
                        "map",
                        SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.BOOLEAN_SCHEMA)
                                .build())
                .field("ratio", Schema.FLOAT64_SCHEMA)
                .build();
        Struct row = new Struct(schema)
                .put("price", new BigDecimal("100000000000000000000.10"))
                .put("day", -1)
                .put("at", -1L)
                .put("clock", 86_400_000_000L)
                .put("bytes", new byte[] {1, 2, 3})
                .put("list", java.util.Arrays.asList("a", null))
                .put("map", Map.of(1, true))
                .put("ratio", Double.POSITIVE_INFINITY);
        SimSinkRuntime runtime = runtime("metadata.columns", "true")
                .append(Rows.record(0, 0, schema, row))
                .start();

        runtime.drain();

        assertThat(lines(0))
                .singleElement()
                .asString()
                .startsWith("{\"price\":100000000000000000000.10,\"day\":\"1969-12-31\","
                        + "\"at\":\"1969-12-31T23:59:59.999999\",\"clock\":\"24:00:00\",\"bytes\":\"AQID\","
                        + "\"list\":[\"a\",null],\"map\":{\"1\":true},\"ratio\":\"Infinity\"");
    }

    @Test
    void takesRecordsWithoutSchema() throws IOException {
        SinkRecord record =
                new SinkRecord(Rows.TOPIC, 0, null, null, null, Map.of("id", 7L), 0, 5L, TimestampType.CREATE_TIME);
        SimSinkRuntime runtime = runtime().append(record).start();

        runtime.drain();

        assertThat(lines(0)).singleElement().asString().startsWith("{\"id\":7,\"__partition\":0");
    }

    @Test
    void goesOnBehindTheLastLine() {
        SimSinkRuntime runtime = runtime("flush.size", "3", "s3.compression.type", "gzip")
                .append(Rows.rows(0, 3))
                .start();
        runtime.poll(10);
        runtime.crash();

        runtime.append(Rows.rows(3, 6)).start().drain();

        assertThat(Duck.files(folder)).containsExactly(PLACE + "0000000000.json.gz", PLACE + "0000000003.json.gz");
        assertThat(runtime.committed()).containsEntry(ORDERS, 6L);
        assertThat(Duck.query(folder, "SELECT count(*), sum(id) FROM ALL_JSON")).containsExactly("6|15");
    }
}
