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
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kafka's own consumers in one group, restarted one by one with the consumer protocol, and back with the classic one
 * (KIP-848): whoever is there reads all partitions between them, and nothing is read again that was committed.
 */
@Timeout(300)
class GroupMigrationTest {

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final List<String> TOPICS = List.of("orders", "refunds");
    private static final int PARTITIONS = 3;
    private static final int RECORDS_A_STEP = 60;
    private static final String GROUP = "rolling";

    @TempDir
    Path directory;

    private final GroupLedger ledger = new GroupLedger();
    private final Map<String, GroupReader> readers = new TreeMap<>();
    private Broker broker;
    private Admin admin;
    private Class<?> assignor = RangeAssignor.class;
    private int produced;

    @BeforeEach
    void start() throws Exception {
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0"))
                .withConfigs(Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "300",
                        "group.consumer.heartbeat.interval.ms", "300",
                        "group.initial.rebalance.delay.ms", "100")));
        admin = TestClients.admin(broker);
        for (String each : TOPICS) {
            TestClients.createTopic(broker, each, PARTITIONS);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (GroupReader each : readers.values()) {
            each.close();
        }
        admin.close();
        broker.close();
    }

    static Stream<Named<Class<?>>> assignors() {
        return Stream.of(
                Named.of("cooperative-sticky", CooperativeStickyAssignor.class),
                Named.of("range", RangeAssignor.class));
    }

    @ParameterizedTest
    @MethodSource("assignors")
    void aGroupRollsFromOneProtocolToTheOtherAndBack(Class<?> assignorOfClassicMembers) throws Exception {
        assignor = assignorOfClassicMembers;
        classic("classic-a");
        classic("classic-b");
        assertThat(type()).isEqualTo(GroupType.CLASSIC);

        leave("classic-b");
        consumer("consumer-b");
        assertThat(type()).isEqualTo(GroupType.CONSUMER);
        leave("classic-a");
        consumer("consumer-a");
        assertThat(type()).isEqualTo(GroupType.CONSUMER);

        leave("consumer-a");
        classic("back-a");
        assertThat(type()).isEqualTo(GroupType.CONSUMER);
        leave("consumer-b");
        assertThat(type()).isEqualTo(GroupType.CLASSIC);
        classic("back-b");

        await().atMost(WAIT_MAX).until(ledger::readRecords, count -> count == produced);
        assertThat(ledger.flaws()).isEmpty();
    }

    private void classic(String name) throws Exception {
        join(
                name,
                Map.of(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        "classic",
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        assignor.getName(),
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        300));
    }

    private void consumer(String name) throws Exception {
        join(name, Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer"));
    }

    private void join(String name, Map<String, Object> configs) throws Exception {
        Map<String, Object> all = new HashMap<>(configs);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        readers.put(name, new GroupReader(name, broker.listenAddress(), all, TOPICS, ledger));
        produce();
        awaitAllReadByAll();
    }

    private void leave(String name) throws Exception {
        GroupReader reader = readers.remove(name);
        assertThat(reader).isNotNull();
        reader.close();
        produce();
        awaitAllReadByAll();
    }

    private void produce() throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = 0; i < RECORDS_A_STEP; i++) {
                String topic = TOPICS.get(i % TOPICS.size());
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(produced)))
                        .get();
                produced++;
            }
        }
    }

    private void awaitAllReadByAll() {
        await().atMost(WAIT_MAX)
                .until(
                        () -> List.of(ledger.ownedPartitions(), ledger.owners(), ledger.flaws()),
                        state -> state.equals(
                                List.of(TOPICS.size() * PARTITIONS, Set.copyOf(readers.keySet()), List.of())));
    }

    private GroupType type() throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .values()
                .iterator()
                .next()
                .get()
                .type();
    }
}
