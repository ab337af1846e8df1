package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sink task asks of the runtime by its context, it gets. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class SinkContextTest {

    private static final int RECORDS = 10;
    private static final long HOUR_MS = 3_600_000;

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;
    private TopicPartition first;
    private TopicPartition second;

    SinkContextTest(WhichLog log) {
        this.log = log;
    }

    /** Remembers what came; does nothing else. */
    private static class Notes implements ScriptedSinkConnector.Script {

        final List<SinkRecord> seen = new CopyOnWriteArrayList<>();
        final List<Map<TopicPartition, OffsetAndMetadata>> asked = new CopyOnWriteArrayList<>();

        @Override
        public void put(SinkTaskContext context, List<SinkRecord> records) {
            seen.addAll(records);
        }

        @Override
        public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
            asked.add(offsets);
        }

        List<Long> offsets() {
            return seen.stream().map(SinkRecord::kafkaOffset).toList();
        }
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
        first = new TopicPartition(fixture.name("read"), 0);
        second = new TopicPartition(fixture.name("read"), 1);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    /** Makes the topic with so many partitions and ten records in each, and runs the sink on it. */
    private void run(int partitions, Notes script) {
        fill(partitions);
        ScriptedSinkConnector.lay(fixture.name("script"), script);
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", ScriptedSinkConnector.class.getName());
        config.put("script", fixture.name("script"));
        config.put("topics", fixture.name("read"));
        config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        fixture.create("sink", config);
    }

    private void fill(int partitions) {
        LogReading.createTopic(log, fixture.name("read"), partitions);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", log.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < partitions * RECORDS; number++) {
                var _ = producer.send(
                        new ProducerRecord<>(fixture.name("read"), number % partitions, "key", "value " + number));
            }
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private long committedOffset() {
        JsonNode offsets = fixture.rest().get(fixture.path("sink") + "/offsets").body();
        return offsets.at("/offsets/0/offset/kafka_offset").asLong(-1);
    }

    @Test
    void goesOnFromTheOffsetThatItNamesAsItOpensAPartition() {
        Notes notes = new Notes() {
            @Override
            public void opened(SinkTaskContext context, Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> context.offset(partition, 7));
            }
        };

        run(1, notes);

        await().untilAsserted(() -> assertThat(committedOffset()).isEqualTo(RECORDS));
        assertThat(notes.offsets()).isEqualTo(range(7, RECORDS));
    }

    @Test
    void isGivenRecordsOnceMoreFromTheOffsetsThatItNames() {
        Notes notes = new Notes() {
            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                super.put(context, records);
                if (seen.size() == RECORDS && !records.isEmpty()) {
                    context.offset(Map.of(first, 4L));
                }
            }
        };

        run(1, notes);

        List<Long> twice = new ArrayList<>(range(0, RECORDS));
        twice.addAll(range(4, RECORDS));
        await().untilAsserted(() -> assertThat(notes.offsets()).isEqualTo(twice));
        await().untilAsserted(() -> assertThat(committedOffset()).isEqualTo(RECORDS));
    }

    @Test
    void getsNothingOfAPartitionUntilItResumesIt() {
        Notes notes = new Notes() {
            private int empty;

            @Override
            public void opened(SinkTaskContext context, Collection<TopicPartition> partitions) {
                context.pause(second);
            }

            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                super.put(context, records);
                empty += records.isEmpty() && seen.size() >= RECORDS ? 1 : 0;
                if (empty == 5) {
                    context.resume(second);
                }
            }
        };

        run(2, notes);

        await().untilAsserted(() -> assertThat(notes.seen).hasSize(2 * RECORDS));
        assertThat(notes.seen.subList(0, RECORDS))
                .allSatisfy(record -> assertThat(record.kafkaPartition()).isZero());
    }

    @Test
    void mayPauseAndResumeItsOwnPartitionsOnly() {
        List<String> refusals = new CopyOnWriteArrayList<>();
        run(1, new Notes() {
            @Override
            public void opened(SinkTaskContext context, Collection<TopicPartition> partitions) {
                refused(() -> context.pause(first, second));
                refused(() -> context.resume(second));
            }

            private void refused(Runnable request) {
                try {
                    request.run();
                } catch (IllegalWorkerStateException e) {
                    refusals.add(e.getMessage());
                }
            }
        });

        await().untilAsserted(() -> assertThat(committedOffset()).isEqualTo(RECORDS));
        assertThat(refusals)
                .hasSize(2)
                .allSatisfy(message -> assertThat(message).contains("its own partitions only", second.toString()));
    }

    @Test
    void isLeftAloneForAsLongAsItSaysWithABatchThatItRefused() {
        Notes notes = new Notes() {
            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                if (!records.isEmpty()) {
                    super.put(context, records);
                    context.timeout(HOUR_MS);
                    throw new RetriableException("come back in an hour");
                }
            }
        };

        run(1, notes);

        await().until(() -> !notes.seen.isEmpty());
        int before = notes.seen.size();
        int asked = notes.asked.size();
        await().until(() -> notes.asked.size() > asked + 12);
        assertThat(notes.seen).hasSize(before);
        fixture.awaitTask("sink", "RUNNING");
    }

    @Test
    void isGivenARefusedBatchAgainAfterTheTimeThatItNames() {
        Notes notes = new Notes() {
            private int refusals;

            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                if (!records.isEmpty() && refusals++ < 20) {
                    context.timeout(1);
                    throw new RetriableException("come back soon");
                }
                super.put(context, records);
            }
        };

        run(1, notes);

        await().untilAsserted(() -> assertThat(notes.offsets()).isEqualTo(range(0, RECORDS)));
    }

    @Test
    void commitsWhenItAsksForIt() {
        List<String> calls = new CopyOnWriteArrayList<>();
        run(1, new Notes() {
            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                if (!records.isEmpty() || !calls.isEmpty()) {
                    calls.add("put");
                    context.requestCommit();
                }
                // It wants to be called often, so that commits at their time would be the fewer.
                context.timeout(1);
            }

            @Override
            public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
                if (!calls.isEmpty()) {
                    calls.add("commit");
                }
            }
        });

        await().until(() -> calls.size() >= 40);
        for (int call = 0; call < 40; call++) {
            assertThat(calls.get(call)).isEqualTo(call % 2 == 0 ? "put" : "commit");
        }
        await().untilAsserted(() -> assertThat(committedOffset()).isEqualTo(RECORDS));
    }

    @Test
    void knowsItsPartitionsAndItsConfig() {
        Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();
        Map<String, String> configs = new ConcurrentHashMap<>();
        Notes notes = new Notes() {
            @Override
            public void taskStarted(SinkTaskContext context, Map<String, String> config) {
                configs.putAll(context.configs());
                assertThat(context.configs()).isEqualTo(config);
                // As plugins do that fill in defaults of their own.
                config.put("own", "default");
            }

            @Override
            public void put(SinkTaskContext context, List<SinkRecord> records) {
                super.put(context, records);
                assigned.addAll(context.assignment());
            }
        };

        run(2, notes);

        await().untilAsserted(() -> assertThat(notes.seen).hasSize(2 * RECORDS));
        assertThat(assigned).containsExactlyInAnyOrder(first, second);
        assertThat(configs)
                .containsEntry("topics", fixture.name("read"))
                .containsEntry("script", fixture.name("script"))
                .doesNotContainKey("own");
    }
}
