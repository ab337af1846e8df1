package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kafka's own consumers in one group, some static, come, go and come back while they read, and the broker is killed
 * under them: every record is read, no partition has two owners, and nobody loses one that did not go.
 */
@Timeout(300)
class GroupChurnTest {

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final List<String> TOPICS = List.of("orders", "refunds");
    private static final int PARTITIONS = 4;
    private static final int RECORDS_A_STEP = 100;
    private static final List<String> BAD_NEWS = List.of("fence", "lost", "Resetting generation", "failed");
    private static final int SESSION_MS = 240_000;

    /** Heartbeats come often; a machine that is slow takes nobody out of the group. */
    private static final String[] CONFIGS = {
        "group.consumer.min.heartbeat.interval.ms=300",
        "group.consumer.heartbeat.interval.ms=300",
        "group.consumer.max.session.timeout.ms=" + SESSION_MS,
        "group.consumer.session.timeout.ms=" + SESSION_MS,
        "group.max.session.timeout.ms=" + SESSION_MS,
        "offsets.commit.timeout.ms=" + SESSION_MS,
    };

    @TempDir
    Path directory;

    private final GroupLedger ledger = new GroupLedger();
    private final Map<String, GroupReader> readers = new TreeMap<>();
    private Map<String, Object> configs = Map.of();
    private HostPort address = HostPort.parse("127.0.0.1:0");
    private int produced;

    static Stream<Named<Map<String, Object>>> kinds() {
        return Stream.of(
                Named.of("uniform", consumer("uniform")),
                Named.of("range", consumer("range")),
                Named.of("classic, cooperative-sticky", classic(CooperativeStickyAssignor.class)),
                Named.of("classic, range", classic(RangeAssignor.class)));
    }

    private static Map<String, Object> consumer(String assignor) {
        return Map.of(
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
                assignor);
    }

    private static Map<String, Object> classic(Class<?> assignor) {
        return Map.of(
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                assignor.getName(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                300,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_MS);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyRecordIsReadWhileMembersComeAndGoAndTheBrokerIsKilled(Map<String, Object> kind) throws Exception {
        configs = kind;
        ChildBroker broker = new ChildBroker(directory, address, List.of(), CONFIGS);
        try (GroupNews news = new GroupNews()) {
            address = broker.address();
            for (String each : TOPICS) {
                TestClients.createTopic(address, each, PARTITIONS);
            }
            join("a", "static-b");
            join("c", "d");
            leave("a");
            broker.kill();
            broker = new ChildBroker(directory, address, List.of(), CONFIGS);
            awaitMembers();
            // A static member that is soon back finds its partitions where it left them.
            leave("static-b");
            join("static-b", "e");
            leave("c", "d");
            awaitAllRead();
            assertThat(describe().members()).hasSize(2);
            closeAll();
            assertThat(ledger.flaws())
                    .as(() -> "of %s; the members' news:%n%s".formatted(kind, news.of(BAD_NEWS)))
                    .isEmpty();
            assertThat(committedInAll()).isEqualTo(produced);
        } finally {
            closeAll();
            broker.close();
        }
    }

    /** Members come at once, while records do, and each is given something. */
    private void join(String... names) throws Exception {
        for (String each : names) {
            Map<String, Object> all = new HashMap<>(configs);
            all.put(ConsumerConfig.GROUP_ID_CONFIG, "churn");
            if (each.startsWith("static")) {
                all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, each);
            }
            readers.put(each, new GroupReader(each, address, all, TOPICS, ledger));
        }
        produce();
        awaitMembers();
    }

    private void leave(String... names) throws Exception {
        for (String each : names) {
            GroupReader reader = readers.remove(each);
            if (reader != null) {
                reader.close();
            }
        }
        produce();
        boolean comesBack = Stream.of(names).anyMatch(each -> each.startsWith("static"));
        if (!comesBack) {
            awaitMembers();
        }
    }

    private void produce() throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(address, Map.of())) {
            for (int i = 0; i < RECORDS_A_STEP; i++) {
                String topic = TOPICS.get(i % TOPICS.size());
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(produced)))
                        .get();
                produced++;
            }
        }
    }

    /** Until all partitions are read, by all members. */
    private void awaitMembers() {
        await().atMost(WAIT_MAX)
                .until(() -> List.of(ledger.ownedPartitions(), ledger.owners(), ledger.flaws()), state -> {
                    boolean whole = ledger.ownedPartitions() == TOPICS.size() * PARTITIONS;
                    return whole && ledger.owners().equals(Set.copyOf(readers.keySet()));
                });
    }

    private void awaitAllRead() {
        await().atMost(WAIT_MAX).until(ledger::readRecords, count -> count == produced);
    }

    private void closeAll() throws InterruptedException {
        for (GroupReader each : readers.values()) {
            each.close();
        }
        readers.clear();
    }

    private ConsumerGroupDescription describe() throws Exception {
        try (Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            return admin.describeConsumerGroups(List.of("churn"))
                    .describedGroups()
                    .values()
                    .iterator()
                    .next()
                    .get();
        }
    }

    private long committedInAll() throws Exception {
        try (Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("churn")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return committed.values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }
}
