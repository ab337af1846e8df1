package io.millrace.connector.s3;

import static io.millrace.connector.s3.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SinkTest {

    private static final TopicPartition ORDERS = new TopicPartition(Rows.TOPIC, 0);
    private static final String PLACE = "topics/shop.orders/partition=0/shop.orders+0+";

    @TempDir
    Path folder;

    private static final S3Server SERVER = new S3Server();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void empty() {
        SERVER.names()
                .forEach(name -> SERVER.client.deleteObject(
                        delete -> delete.bucket(S3Server.BUCKET).key(name)));
    }

    @Test
    void storesObjectsThatOtherProgramsRead() {
        SimSinkRuntime runtime =
                Runtimes.on(SERVER.config("flush.size", "3")).append(rows(0, 7)).start();

        runtime.drain();

        assertThat(SERVER.names()).containsExactly(PLACE + "0000000000.parquet", PLACE + "0000000003.parquet");
        assertThat(runtime.committed()).containsEntry(ORDERS, 6L);
        assertThat(Duck.query(SERVER.download(folder), "SELECT id, name FROM ALL WHERE __offset = 5"))
                .containsExactly("5|row 5");
    }

    @Test
    void keepsTheLastOffsetWithTheObject() {
        SimSinkRuntime runtime =
                Runtimes.on(SERVER.config("flush.size", "3")).append(rows(0, 3)).start();

        runtime.drain();

        assertThat(SERVER.client
                        .headObject(head -> head.bucket(S3Server.BUCKET).key(PLACE + "0000000000.parquet"))
                        .metadata())
                .containsEntry("millrace-end-offset", "2");
    }

    @Test
    void storesLargeObjectsInParts() {
        Schema schema =
                SchemaBuilder.struct().field("data", Schema.BYTES_SCHEMA).build();
        Random random = new Random(7);
        SimSinkRuntime runtime = Runtimes.on(
                SERVER.config("flush.size", "13", "s3.part.size", "5242880", "parquet.row.group.bytes", "1048576"));
        for (int offset = 0; offset < 13; offset++) {
            byte[] data = new byte[1 << 20];
            random.nextBytes(data);
            runtime.append(Rows.record(0, offset, schema, new Struct(schema).put("data", data)));
        }
        runtime.start();

        runtime.drain();

        assertThat(SERVER.objects()).singleElement().satisfies(object -> {
            assertThat(object.size()).isGreaterThan(13 << 20);
            assertThat(object.eTag()).contains("-3");
        });
        assertThat(Duck.query(SERVER.download(folder), "SELECT count(*), sum(octet_length(data)) FROM ALL"))
                .containsExactly("13|" + (13 << 20));
        assertThat(SERVER.client
                        .listMultipartUploads(list -> list.bucket(S3Server.BUCKET))
                        .uploads())
                .isEmpty();
    }

    @Test
    void goesOnBehindTheObjectOfAnotherTaskThatWasFirst() {
        SimSinkRuntime slow = Runtimes.on(SERVER.config("flush.size", "10"))
                .append(rows(0, 20))
                .start();
        slow.poll(9);
        SimSinkRuntime quick =
                Runtimes.on(SERVER.config("flush.size", "4")).append(rows(0, 4)).start();
        quick.drain();

        slow.drain();

        assertThat(SERVER.names()).containsExactly(PLACE + "0000000000.parquet", PLACE + "0000000004.parquet");
        assertThat(slow.committed()).containsEntry(ORDERS, 14L);
        assertThat(Duck.query(SERVER.download(folder), "SELECT count(*), count(DISTINCT __offset) FROM ALL"))
                .containsExactly("14|14");
    }

    @Test
    void knowsItsOwnObjectAgainWhenTheAnswerWasLost() {
        SimSinkRuntime slow =
                Runtimes.on(SERVER.config("flush.size", "4")).append(rows(0, 6)).start();
        slow.poll(3);
        Runtimes.on(SERVER.config("flush.size", "4")).append(rows(0, 4)).start().drain();

        slow.poll(3);

        slow.commit();
        assertThat(slow.committed()).containsEntry(ORDERS, 4L);
        assertThat(slow.context().rewinds()).isEmpty();
    }

    @Test
    void leavesNoPartsOfAnObjectThatAnotherTaskStoredFirst() {
        Schema schema =
                SchemaBuilder.struct().field("data", Schema.BYTES_SCHEMA).build();
        byte[] data = new byte[6 << 20];
        new Random(7).nextBytes(data);
        Map<String, String> config = SERVER.config("flush.size", "2", "s3.part.size", "5242880");
        SimSinkRuntime slow = Runtimes.on(config)
                .append(Rows.record(0, 0, schema, new Struct(schema).put("data", data)))
                .append(Rows.record(0, 1, schema, new Struct(schema).put("data", data)))
                .start();
        slow.poll(1);
        Runtimes.on(SERVER.config("flush.size", "2")).append(rows(0, 2)).start().drain();

        slow.drain();

        assertThat(SERVER.names()).hasSize(1);
        assertThat(SERVER.client
                        .listMultipartUploads(list -> list.bucket(S3Server.BUCKET))
                        .uploads())
                .isEmpty();
    }

    @Test
    void refusesAnObjectOfAnotherProgram() {
        SERVER.client.putObject(
                put -> put.bucket(S3Server.BUCKET).key(PLACE + "0000000000.parquet"),
                software.amazon.awssdk.core.sync.RequestBody.fromString("not ours"));
        SimSinkRuntime runtime = Runtimes.on(SERVER.config()).append(rows(0, 2)).start();

        assertThatThrownBy(runtime::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll(PLACE + "0000000000.parquet", "millrace-end-offset", "topics.dir");
    }

    @Test
    void saysThatTheBucketIsMissing() {
        SimSinkRuntime runtime = Runtimes.on(SERVER.config("s3.bucket.name", "nowhere"));

        assertThatThrownBy(runtime::start)
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageContainingAll("bucket nowhere", "no such bucket", "s3.bucket.create=true");
    }

    @Test
    void makesTheBucketOnceWhenTold() {
        Map<String, String> config =
                SERVER.config("s3.bucket.name", "elsewhere", "s3.bucket.create", "true", "flush.size", "1");

        Runtimes.on(config).append(rows(0, 1)).start().drain();
        Runtimes.on(config).append(rows(0, 2)).start().drain();

        assertThat(SERVER.client.listObjectsV2(list -> list.bucket("elsewhere")).contents())
                .hasSize(2);
    }

    @Test
    void saysThatTheCredentialsAreWrong() {
        SimSinkRuntime runtime = Runtimes.on(SERVER.config("aws.secret.access.key", "wrong"));

        assertThatThrownBy(runtime::start)
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageContainingAll("refuses these credentials", "aws.secret.access.key")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        SimSinkRuntime runtime = Runtimes.on(SERVER.config("store.url", "http://127.0.0.1:" + port));

        assertThatThrownBy(runtime::start)
                .isInstanceOf(RetriableException.class)
                .hasMessageContainingAll("does not answer", "http://127.0.0.1:" + port, "store.url");
    }

    @Test
    void takesUpAgainWhenTheStoreIsBack() {
        SimSinkRuntime runtime = Runtimes.on(SERVER.config("flush.size", "2", "retry.backoff.ms", "70"))
                .append(rows(0, 5))
                .start();
        SERVER.pause();
        assertThatThrownBy(() -> runtime.poll(10)).isInstanceOf(RetriableException.class);
        assertThat(runtime.context().waits().getLast()).isEqualTo(70);
        assertThatThrownBy(() -> runtime.poll(10)).isInstanceOf(RetriableException.class);

        SERVER.resume();
        runtime.drain();

        assertThat(runtime.committed()).containsEntry(ORDERS, 4L);
        assertThat(Duck.query(SERVER.download(folder), "SELECT count(*), count(DISTINCT __offset) FROM ALL"))
                .containsExactly("4|4");
    }
}
