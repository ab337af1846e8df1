package io.millrace.connector.s3;

import static io.millrace.connector.s3.Rows.row;
import static io.millrace.connector.s3.Rows.rows;
import static io.millrace.connector.s3.Rows.tombstone;
import static io.millrace.connector.s3.Rows.widerRow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSinkTest {

    private static final TopicPartition ORDERS = new TopicPartition(Rows.TOPIC, 0);
    private static final String PLACE = "topics/shop.orders/partition=0/shop.orders+0+";

    @TempDir
    Path folder;

    private Map<String, String> config(String... more) {
        Map<String, String> config =
                new HashMap<>(Map.of("store.url", folder.toUri().toString()));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private SimSinkRuntime runtime(String... more) {
        return Runtimes.on(config(more));
    }

    @Test
    void namesFilesByTheirFirstOffset() {
        SimSinkRuntime runtime = runtime("flush.size", "3").append(rows(0, 7)).start();

        runtime.drain();

        assertThat(Duck.files(folder)).containsExactly(PLACE + "0000000000.parquet", PLACE + "0000000003.parquet");
        assertThat(runtime.committed()).containsEntry(ORDERS, 6L);
    }

    @Test
    void storesOpenFilesWhenItIsShutDown() {
        SimSinkRuntime runtime = runtime().append(rows(0, 7)).start();
        runtime.drain();

        runtime.shutDown();

        assertThat(Duck.query(folder, "SELECT id, name, __partition, __offset, __deleted FROM ALL WHERE id = 6"))
                .containsExactly("6|row 6|0|6|false");
        assertThat(Duck.list(folder)).hasSize(1);
    }

    @Test
    void storesWhatHasWaitedLongEnough() {
        SimSinkRuntime runtime = runtime("rotate.schedule.interval.ms", "1000")
                .append(rows(0, 2))
                .start();
        runtime.drain();
        assertThat(runtime.context().waits().getLast()).isEqualTo(1000);

        runtime.advance(1000);
        runtime.drain();

        assertThat(Duck.files(folder)).containsExactly(PLACE + "0000000000.parquet");
        assertThat(runtime.committed()).containsEntry(ORDERS, 2L);
    }

    @Test
    void keepsRecordsApartWhoseTimeStampsAreApart() {
        SimSinkRuntime runtime =
                runtime("rotate.interval.ms", "5").append(rows(0, 11)).start();

        runtime.drain();

        assertThat(Duck.files(folder)).containsExactly(PLACE + "0000000000.parquet", PLACE + "0000000005.parquet");
    }

    @Test
    void beginsAnotherFileForAnotherSchema() {
        SimSinkRuntime runtime =
                runtime().append(row(0), row(1), widerRow(0, 2), row(3)).start();
        runtime.drain();

        runtime.shutDown();

        assertThat(Duck.files(folder))
                .containsExactly(
                        PLACE + "0000000000.parquet", PLACE + "0000000002.parquet", PLACE + "0000000003.parquet");
        assertThat(Duck.query(folder, "SELECT __offset, note FROM ALL ORDER BY 1"))
                .containsExactly("0|null", "1|null", "2|wide", "3|null");
    }

    @Test
    void writesDeletesAsRowsOfTheirKey() {
        SimSinkRuntime runtime =
                runtime().append(row(0), row(1), tombstone(2, 0)).start();
        runtime.drain();

        runtime.shutDown();

        assertThat(Duck.query(folder, "SELECT id, name, __deleted FROM ALL ORDER BY __offset"))
                .containsExactly("0|row 0|false", "1|row 1|false", "0|null|true");
        assertThat(Duck.query(
                        folder,
                        "SELECT id, name FROM ALL QUALIFY "
                                + "row_number() OVER (PARTITION BY id ORDER BY __offset DESC) = 1"
                                + " AND NOT __deleted"))
                .containsExactly("1|row 1");
    }

    @Test
    void writesDeletesBeforeTheFirstRow() {
        SimSinkRuntime runtime = runtime().append(tombstone(0, 9), row(1)).start();
        runtime.drain();

        runtime.shutDown();

        assertThat(Duck.query(folder, "SELECT id, __deleted FROM ALL ORDER BY __offset"))
                .containsExactly("9|true", "1|false");
    }

    @Test
    void leavesDeletesOutWhenTold() {
        SimSinkRuntime runtime = runtime("behavior.on.null.values", "ignore")
                .append(row(0), tombstone(1, 0), row(2), tombstone(3, 2))
                .start();
        runtime.drain();

        runtime.shutDown();

        assertThat(Duck.query(folder, "SELECT __offset FROM ALL ORDER BY 1")).containsExactly("0", "2");
        runtime.start().drain();
        assertThat(runtime.committed()).containsEntry(ORDERS, 4L);
    }

    @Test
    void failsOnDeletesWhenTold() {
        SimSinkRuntime runtime = runtime("behavior.on.null.values", "fail")
                .append(row(0), tombstone(1, 0))
                .start();

        assertThatThrownBy(runtime::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("shop.orders-0 offset 1", "behavior.on.null.values");
    }

    @Test
    void goesOnBehindWhatIsStoredWhenTheGroupIsBehind() {
        SimSinkRuntime runtime = runtime("flush.size", "4").append(rows(0, 4)).start();
        runtime.poll(10);
        runtime.crash();

        runtime.append(rows(4, 8)).start();
        runtime.drain();

        assertThat(Duck.files(folder)).containsExactly(PLACE + "0000000000.parquet", PLACE + "0000000004.parquet");
        assertThat(runtime.committed()).containsEntry(ORDERS, 8L);
    }

    @Test
    void refusesATopicThatWasMadeAnew() {
        SimSinkRuntime runtime = runtime("flush.size", "4").append(rows(0, 8)).start();
        runtime.drain();
        runtime.crash();
        runtime.log().clear();
        runtime.committed().clear();
        // The group has no offset, and the log begins again: it answers the rewind to 8 with its first record.
        SimSinkRuntime anew = runtime("flush.size", "4").append(rows(0, 2)).start();
        anew.poll(10);

        assertThatThrownBy(() -> anew.task().put(rows(0, 2)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("offset 0", "before 8", "topics.dir");
    }

    @Test
    void namesTheRecordThatCannotBeWritten() {
        SimSinkRuntime runtime = runtime()
                .append(row(0), Rows.record(0, 1, Schema.STRING_SCHEMA, "bare"))
                .start();

        assertThatThrownBy(runtime::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("shop.orders-0 offset 1", "STRING");
    }

    @Test
    void handsRecordsThatCannotBeWrittenToTheDeadLetters() {
        SimSinkRuntime runtime = runtime()
                .withDeadLetters()
                .append(row(0), Rows.record(0, 1, null, Map.of("id", 1)), row(2))
                .start();
        runtime.drain();

        runtime.shutDown();

        assertThat(runtime.context().reported().values())
                .singleElement()
                .asString()
                .contains("offset 1", "schema");
        assertThat(Duck.query(folder, "SELECT __offset FROM ALL ORDER BY 1")).containsExactly("0", "2");
    }

    @Test
    void asksForACommitWhenSomethingIsStored() {
        SimSinkRuntime runtime = runtime("flush.size", "2").append(rows(0, 3)).start();
        runtime.poll(1);
        assertThat(runtime.context().commitRequests()).isZero();

        runtime.poll(2);

        assertThat(runtime.context().commitRequests()).isEqualTo(1);
    }

    @Test
    void boundsOpenFiles() {
        SimSinkRuntime runtime = runtime("partitioner.max.open.files", "2");
        for (int partition = 0; partition < 5; partition++) {
            runtime.append(rows(partition, 0, 1));
        }
        runtime.start();

        runtime.poll(1);

        assertThat(Duck.files(folder)).hasSize(3);
        assertThat(Duck.list(folder)).hasSize(5);
    }

    @Test
    void boundsMemory() {
        Schema schema =
                SchemaBuilder.struct().field("text", Schema.STRING_SCHEMA).build();
        SimSinkRuntime runtime = runtime("buffer.bytes.max", "1048576");
        for (int partition = 0; partition < 3; partition++) {
            for (int offset = 0; offset < 8; offset++) {
                String text = (partition + "" + offset).repeat(50_000);
                runtime.append(Rows.record(partition, offset, schema, new Struct(schema).put("text", text)));
            }
        }
        runtime.start();
        runtime.drain();
        assertThat(Duck.files(folder)).hasSizeBetween(2, 12);

        runtime.shutDown();

        assertThat(Duck.query(folder, "SELECT count(*), count(DISTINCT (__partition, __offset)) FROM ALL"))
                .containsExactly("24|24");
    }

    @Test
    void finishesAFileThatHasTheWantedSize() {
        Schema schema =
                SchemaBuilder.struct().field("bytes", Schema.BYTES_SCHEMA).build();
        Random random = new Random(7);
        SimSinkRuntime runtime = runtime("flush.bytes", "1048576");
        for (int offset = 0; offset < 300; offset++) {
            byte[] bytes = new byte[10_000];
            random.nextBytes(bytes);
            runtime.append(Rows.record(0, offset, schema, new Struct(schema).put("bytes", bytes)));
        }

        runtime.start().drain();

        assertThat(Duck.files(folder)).hasSize(2);
    }

    @Test
    void namesFoldersAsATransformNamesTopics() {
        SinkRecord renamed = row(0).newRecord("orders", 0, Rows.KEY, row(0).key(), Rows.ROW, row(0).value(), 0L);
        SimSinkRuntime runtime = runtime("flush.size", "1").append(renamed).start();

        runtime.drain();

        assertThat(Duck.files(folder)).containsExactly("topics/orders/partition=0/shop.orders+0+0000000000.parquet");
        assertThat(runtime.committed()).containsEntry(ORDERS, 1L);
    }

    @Test
    void saysThatTheFolderCannotBeMade() throws IOException {
        Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> runtime(
                                "store.url",
                                folder.resolve("file/below").toUri().toString())
                        .start())
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("Cannot make the folder", "file/below");
    }

    @Test
    void leavesMetadataOutWhenTold() {
        SimSinkRuntime runtime = runtime(
                        "metadata.columns", "false", "behavior.on.null.values", "ignore", "flush.size", "1")
                .append(row(0))
                .start();

        runtime.drain();

        assertThat(Duck.query(folder, "SELECT * FROM ALL")).containsExactly("0|row 0|0");
    }

    @Test
    void refusesARowThatHasAMetadataColumnOfItsOwn() {
        Schema schema =
                SchemaBuilder.struct().field("__deleted", Schema.STRING_SCHEMA).build();
        SimSinkRuntime runtime = runtime()
                .append(Rows.record(0, 0, schema, new Struct(schema).put("__deleted", "false")))
                .start();

        assertThatThrownBy(runtime::drain).hasMessageContainingAll("__deleted", "metadata.columns=false");
    }
}
