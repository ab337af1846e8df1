package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own consumer with {@code group.protocol=consumer} (KIP-848) against a running broker. */
class ConsumerProtocolTest {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long WAIT_NANOS = Duration.ofSeconds(60).toNanos();

    @TempDir
    static Path directory;

    private static Broker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")));
        admin = TestClients.admin(broker);
    }

    @AfterAll
    static void stop() {
        admin.close();
        assertThat(broker.failure()).isNotDone();
        broker.close();
    }

    private static KafkaConsumer<String, String> consumer(String group, Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        return TestClients.consumer(broker, all);
    }

    private static void produce(String topic, int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = TestClients.producer(broker, Map.of())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topic, "key-" + i, Integer.toString(i)))
                        .get();
            }
        }
    }

    /** Polls all until {@code done}; gives what was read. */
    private static List<String> pollUntil(List<KafkaConsumer<String, String>> consumers, BooleanSupplier done) {
        List<String> values = new ArrayList<>();
        pollUntil(consumers, values, done);
        return values;
    }

    private static void pollUntil(
            List<KafkaConsumer<String, String>> consumers, List<String> values, BooleanSupplier done) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as(
                            "time left, with assignments %s",
                            consumers.stream().map(KafkaConsumer::assignment).toList())
                    .isNegative();
            for (KafkaConsumer<String, String> each : consumers) {
                each.poll(POLL).forEach(record -> values.add(record.value()));
            }
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void twoConsumersShareATopicAndReadEachRecordOnce() throws Exception {
        TestClients.createTopic(broker, "shared", 4);
        produce("shared", 0, 50);
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> first = consumer("sharers", Map.of());
                KafkaConsumer<String, String> second = consumer("sharers", Map.of())) {
            first.subscribe(List.of("shared"));
            TestClients.poll(first, 50).forEach(record -> read.add(record.value()));
            first.commitSync();
            second.subscribe(List.of("shared"));
            read.addAll(pollUntil(
                    List.of(first, second),
                    () -> first.assignment().size() == 2 && second.assignment().size() == 2));
            produce("shared", 50, 100);
            int rest = 100 - read.size();
            List<String> last = new ArrayList<>();
            pollUntil(List.of(first, second), last, () -> last.size() == rest);
            read.addAll(last);
            first.commitSync();
            second.commitSync();
            describeSharers();
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(numbers(0, 100));
        assertThat(admin.listConsumerGroupOffsets("sharers").partitionsToOffsetAndMetadata().get().values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(100);
        admin.deleteConsumerGroups(List.of("sharers")).all().get();
        assertThat(admin.listGroups().all().get())
                .extracting(GroupListing::groupId)
                .doesNotContain("sharers");
    }

    private static void describeSharers() throws Exception {
        ConsumerGroupDescription described = describe("sharers");
        assertThat(described.type()).isEqualTo(GroupType.CONSUMER);
        assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
        assertThat(described.partitionAssignor()).isEqualTo("uniform");
        assertThat(described.members()).hasSize(2).allSatisfy(member -> {
            assertThat(member.assignment().topicPartitions()).hasSize(2);
            assertThat(member.targetAssignment().orElseThrow().topicPartitions())
                    .isEqualTo(member.assignment().topicPartitions());
            assertThat(member.upgraded()).contains(true);
        });
        assertThat(admin.listGroups().all().get())
                .filteredOn(listed -> listed.groupId().equals("sharers"))
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.type()).contains(GroupType.CONSUMER);
                    assertThat(listed.groupState()).contains(GroupState.STABLE);
                    assertThat(listed.protocol()).isEqualTo("consumer");
                });
    }

    @Test
    void aStaticMemberThatRestartsGoesOnWithWhatItRead() throws Exception {
        TestClients.createTopic(broker, "static", 4);
        produce("static", 0, 10);
        Map<String, Object> instance = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
        try (KafkaConsumer<String, String> other = consumer("statics", Map.of())) {
            List<TopicPartition> before;
            try (KafkaConsumer<String, String> first = consumer("statics", instance)) {
                first.subscribe(List.of("static"));
                other.subscribe(List.of("static"));
                pollUntil(
                        List.of(first, other),
                        () -> first.assignment().size() == 2
                                && other.assignment().size() == 2);
                before = List.copyOf(first.assignment());
            }
            int epoch = groupEpoch("statics");
            try (KafkaConsumer<String, String> back = consumer("statics", instance)) {
                back.subscribe(List.of("static"));
                pollUntil(List.of(back, other), () -> back.assignment().size() == 2);

                assertThat(back.assignment()).containsExactlyInAnyOrderElementsOf(before);
                assertThat(groupEpoch("statics")).as("group epoch").isEqualTo(epoch);
                back.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            }
            pollUntil(List.of(other), () -> other.assignment().size() == 4);
        }
    }

    private static ConsumerGroupDescription describe(String group) throws Exception {
        return Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group)).all().get().get(group));
    }

    private static int groupEpoch(String group) throws Exception {
        return describe(group).groupEpoch().orElseThrow();
    }

    @Test
    void aTopicThatGrowsIsAssignedToTheConsumersThatAreThere() throws Exception {
        TestClients.createTopic(broker, "growing", 1);
        try (KafkaConsumer<String, String> consumer =
                consumer("growers", Map.of(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range"))) {
            consumer.subscribe(List.of("growing"));
            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 1);

            admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(3)))
                    .all()
                    .get();

            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 3);
            assertThat(describe("growers").partitionAssignor()).isEqualTo("range");
        }
    }

    @Test
    void aConsumerFollowsTheTopicsOfAnExpression() throws Exception {
        TestClients.createTopic(broker, "sensor-a", 1);
        TestClients.createTopic(broker, "no-sensor-a", 1);
        try (KafkaConsumer<String, String> consumer = consumer("sensors", Map.of())) {
            consumer.subscribe(new SubscriptionPattern("sensor-[a-z]+"));
            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 1);

            TestClients.createTopic(broker, "sensor-b", 2);
            produce("sensor-b", 0, 5);

            assertThat(TestClients.values(TestClients.poll(consumer, 5)))
                    .containsExactlyInAnyOrderElementsOf(numbers(0, 5));
            assertThat(consumer.assignment()).hasSize(3);
            admin.deleteTopics(List.of("sensor-a")).all().get();
            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 2);
        }
        try (KafkaConsumer<String, String> consumer = consumer("sensors", Map.of())) {
            consumer.subscribe(new SubscriptionPattern("sensor-(?=a)"));
            assertThatThrownBy(() -> pollUntil(List.of(consumer), () -> false))
                    .isInstanceOf(InvalidRegularExpression.class)
                    .hasMessageContaining("sensor-(?=a)");
        }
    }

    @Test
    void offsetsOfAGroupWithMembersAreTheirs() throws Exception {
        TestClients.createTopic(broker, "guarded", 1);
        TopicPartition partition = new TopicPartition("guarded", 0);
        produce("guarded", 0, 10);
        try (KafkaConsumer<String, String> consumer = consumer("guards", Map.of())) {
            consumer.subscribe(List.of("guarded"));
            TestClients.poll(consumer, 10);
            consumer.commitSync();

            assertThatThrownBy(() -> alterTo(partition, 3))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownMemberIdException.class);
        }
        alterTo(partition, 3);
        try (KafkaConsumer<String, String> consumer = consumer("guards", Map.of())) {
            consumer.subscribe(List.of("guarded"));
            assertThat(TestClients.values(TestClients.poll(consumer, 7))).isEqualTo(numbers(3, 10));
        }
    }

    private static void alterTo(TopicPartition partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets("guards", Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }
}
