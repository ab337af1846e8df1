package io.millrace.connector.s3;

import io.millrace.connect.testkit.contract.SinkContract;
import io.millrace.connect.testkit.contract.SinkSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of sinks, on each of the stores. */
class S3ContractTest {

    private static final Pattern OFFSET = Pattern.compile("\"__partition\":(\\d+),\"__offset\":(\\d+)");

    @Nested
    class Folder extends SinkContract {

        @TempDir
        private Path root;

        private final AtomicInteger folders = new AtomicInteger();

        @Override
        protected SinkSystem system() {
            Path folder = root.resolve("run" + folders.incrementAndGet());
            Map<String, String> config = Map.of("store.url", folder.toUri().toString());
            return new JsonFiles(config) {
                @Override
                Path read() {
                    return folder;
                }
            };
        }
    }

    @Nested
    class Bucket extends SinkContract {

        private static S3Server server;

        @TempDir
        private Path root;

        private final AtomicInteger runs = new AtomicInteger();

        @BeforeAll
        static void start() {
            server = new S3Server();
        }

        @AfterAll
        static void stop() {
            server.close();
        }

        @Override
        protected SinkSystem system() {
            String topics = "run" + runs.incrementAndGet();
            return new JsonFiles(server.config("topics.dir", topics)) {
                @Override
                Path read() {
                    return server.download(root).resolve(topics);
                }

                @Override
                public boolean startsAreDear() {
                    return true;
                }
            };
        }
    }

    /** A store of JSON files, some with two rows, some with what was left when a partition was closed. */
    private abstract static class JsonFiles implements SinkSystem {

        private final Map<String, String> config;

        private JsonFiles(Map<String, String> store) {
            config = new HashMap<>(store);
            config.put("name", "contract");
            config.put("format.class", "json");
            config.put("flush.size", "3");
            config.put("rotate.schedule.interval.ms", "3600000");
        }

        /** A folder with what the store has. */
        abstract Path read();

        @Override
        public SinkConnector connector() {
            return new S3SinkConnector();
        }

        @Override
        public Map<String, String> config() {
            return config;
        }

        @Override
        public SinkRecord record(TopicPartition partition, long offset) {
            return new SinkRecord(
                    partition.topic(),
                    partition.partition(),
                    Rows.KEY,
                    new Struct(Rows.KEY).put("id", offset),
                    Rows.ROW,
                    new Struct(Rows.ROW).put("id", offset).put("name", "row " + offset),
                    offset,
                    offset,
                    TimestampType.CREATE_TIME);
        }

        @Override
        public List<String> target() {
            List<String> found = new ArrayList<>();
            Path folder = read();
            for (String file : Duck.files(folder)) {
                Matcher matcher = OFFSET.matcher(text(folder.resolve(file)));
                while (matcher.find()) {
                    TopicPartition partition = new TopicPartition("rows", Integer.parseInt(matcher.group(1)));
                    found.add(SinkSystem.id(partition, Long.parseLong(matcher.group(2))));
                }
            }
            return found;
        }

        private static String text(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean exactlyOnce() {
            return true;
        }

        @Override
        public void close() {}
    }
}
