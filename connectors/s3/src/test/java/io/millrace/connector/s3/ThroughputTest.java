package io.millrace.connector.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prints how fast rows become files; says nothing of how fast they should. */
class ThroughputTest {

    private static final int ROWS = 20_000;
    private static final int BATCH = 2_000;
    private static final Schema ORDER = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("customer", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field(
                    "total",
                    Decimal.builder(2)
                            .parameter("connect.decimal.precision", "12")
                            .build())
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                    "at",
                    SchemaBuilder.int64()
                            .name("io.debezium.time.MicroTimestamp")
                            .build())
            .build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"parquet, snappy, 1", "parquet, zstd, 1", "parquet, zstd, 200", "json, zstd, 1"})
    void storesManyRows(String format, String codec, int partitions) {
        Map<String, String> config =
                Map.of("store.url", folder.toUri().toString(), "format.class", format, "parquet.codec", codec);
        SimSinkRuntime runtime = Runtimes.on(config);
        for (int partition = 0; partition < partitions; partition++) {
            runtime.log().put(new TopicPartition(Rows.TOPIC, partition), List.of());
        }
        runtime.start();
        long nanos = 0;
        for (int from = 0; from < ROWS; from += BATCH) {
            List<SinkRecord> batch = batch(from, partitions);
            long start = System.nanoTime();
            runtime.task().put(batch);
            nanos += System.nanoTime() - start;
        }
        long start = System.nanoTime();
        runtime.shutDown();
        nanos += System.nanoTime() - start;

        System.out.printf(
                "THROUGHPUT %s %s, %d partitions: %,d rows/s%n",
                format, codec, partitions, ROWS * 1_000_000_000L / nanos);
        String all = format.equals("json") ? "ALL_JSON" : "ALL";
        assertThat(Duck.query(folder, "SELECT count(*), count(DISTINCT id) FROM " + all))
                .containsExactly(ROWS + "|" + ROWS);
    }

    private static List<SinkRecord> batch(int from, int partitions) {
        List<SinkRecord> batch = new ArrayList<>();
        for (int id = from; id < from + BATCH; id++) {
            Struct row = new Struct(ORDER)
                    .put("id", (long) id)
                    .put("customer", (long) (id * 31 % 5_000))
                    .put("status", id % 3 == 0 ? "paid" : "open")
                    .put("total", BigDecimal.valueOf(id * 7919L % 1_000_000, 2))
                    .put("note", id % 5 == 0 ? null : "a note about order " + id)
                    .put("at", 1_795_392_000_000_000L + id * 1_000L);
            batch.add(new SinkRecord(
                    Rows.TOPIC,
                    id % partitions,
                    Rows.KEY,
                    new Struct(Rows.KEY).put("id", (long) id),
                    ORDER,
                    row,
                    id / partitions,
                    (long) id,
                    TimestampType.CREATE_TIME));
        }
        return batch;
    }
}
