package io.millrace.connect.log.kafka;

import io.millrace.connect.log.GroupReader;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.log.PartitionReader;
import io.millrace.connect.log.ReaderSpec;
import io.millrace.connect.log.TableTopic;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.log.TransactionalAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The log reached over the Kafka protocol, by the official client: a cluster of ours, Apache Kafka, or whatever else
 * speaks it.
 *
 * <p>Connecting happens in the constructor's first question, so a wrong address is told at the start and not by the
 * first task.
 */
public final class KafkaLogClient implements LogClient {

    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEADERS_PAUSE = Duration.ofMillis(50);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaClientSettings settings;
    private final Admin admin;
    private final LogAppender tableAppender;
    private final String clusterId;

    /**
     * @throws LogFailure when no node of the log answers
     */
    public KafkaLogClient(KafkaClientSettings settings) {
        this.settings = settings;
        this.admin = Loaders.withOwn(() -> Admin.create(settings.adminConfig()));
        try {
            this.clusterId = Answers.await(admin.describeCluster().clusterId(), "reach the log");
        } catch (LogFailure e) {
            admin.close(Duration.ZERO);
            throw new LogFailure(
                    e.category(),
                    "no answer from the log at %s: check bootstrap.servers, and that the broker runs"
                            .formatted(settings.common().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)),
                    e);
        }
        this.tableAppender = openAppender("tables", Map.of());
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public int nodeCount() {
        Collection<Node> nodes = Answers.await(admin.describeCluster().nodes(), "list the nodes of the log");
        return Math.max(1, nodes.size());
    }

    @Override
    public LogAppender openAppender(String clientId, Map<String, String> overrides) {
        Map<String, Object> config = settings.producerConfig(clientId, overrides);
        return new KafkaAppender(Loaders.withOwn(
                () -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())));
    }

    @Override
    public TransactionalAppender openTransactionalAppender(
            String transactionalId, String clientId, Map<String, String> overrides) {
        Map<String, Object> config = settings.transactionalConfig(transactionalId, clientId, overrides);
        return new KafkaTransactionalAppender(
                transactionalId,
                Loaders.withOwn(
                        () -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())));
    }

    @Override
    public void fence(Collection<String> transactionalIds) {
        Answers.await(admin.fenceProducers(transactionalIds).all(), "fence the writers " + transactionalIds);
    }

    @Override
    public GroupReader openReader(ReaderSpec spec, GroupReader.AssignmentListener listener) {
        Map<String, Object> config = settings.consumerConfig(spec);
        KafkaConsumer<byte[], byte[]> consumer = Loaders.withOwn(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        return new KafkaGroupReader(consumer, spec.topics(), listener);
    }

    @Override
    public PartitionReader openPartitions(
            String clientId, Map<TopicPartition, Long> from, Map<String, String> overrides) {
        Map<String, Object> config = settings.partitionsConfig(clientId, overrides);
        KafkaConsumer<byte[], byte[]> consumer = Loaders.withOwn(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        return new KafkaPartitionReader(consumer, from);
    }

    @Override
    public TableTopic openTable(String topic, TableTopic.Listener listener) {
        Map<String, Object> config = settings.tableConfig("table-" + topic);
        KafkaConsumer<byte[], byte[]> consumer = Loaders.withOwn(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        KafkaTableTopic.Ends ends = partitions -> ends(topic, partitions);
        KafkaTableTopic table = KafkaTableTopic.open(topic, consumer, ends, tableAppender, listener);
        try {
            table.readCommitted(Duration.ofSeconds(60));
        } catch (LogFailure e) {
            table.close();
            throw e;
        }
        return table;
    }

    private Map<TopicPartition, Long> ends(String topic, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        Answers.await(admin.listOffsets(each(partitions, OffsetSpec.latest())).all(), "find the end of topic " + topic)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    @Override
    public boolean ensureTopic(TopicSpec spec) {
        NewTopic topic = new NewTopic(
                        spec.name(), atLeastOne(spec.partitions()), atLeastOneCopy(spec.replicationFactor()))
                .configs(spec.configs());
        try {
            int partitions = Answers.await(
                    admin.createTopics(List.of(topic)).numPartitions(spec.name()), "create topic " + spec.name());
            awaitLeaders(spec.name(), partitions);
            return true;
        } catch (LogFailure e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Returns when every partition answers. Before that, Kafka may refuse the first batch of a producer for want of a
     * leader and take its second, which a partition that never saw the producer does; then they stand in the wrong
     * order, and the first is refused for ever as out of sequence.
     */
    private void awaitLeaders(String topic, int partitions) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        long deadlineNanos = System.nanoTime() + LEADERS_TIMEOUT.toNanos();
        while (!leadersAnswer(topic, all, deadlineNanos)) {
            Answers.pause(LEADERS_PAUSE);
        }
    }

    private boolean leadersAnswer(String topic, List<TopicPartition> partitions, long deadlineNanos) {
        try {
            Answers.await(
                    admin.listOffsets(each(partitions, OffsetSpec.latest())).all(),
                    "find the leaders of topic " + topic);
            return true;
        } catch (LogFailure e) {
            if (e.category() == LogFailure.Category.RETRY && System.nanoTime() < deadlineNanos) {
                return false;
            }
            throw e;
        }
    }

    private static Optional<Integer> atLeastOne(int partitions) {
        return partitions > 0 ? Optional.of(partitions) : Optional.empty();
    }

    private static Optional<Short> atLeastOneCopy(short replicationFactor) {
        return replicationFactor > 0 ? Optional.of(replicationFactor) : Optional.empty();
    }

    @Override
    public Set<String> topics() {
        return Answers.await(admin.listTopics().names(), "list topics");
    }

    @Override
    public Map<String, Integer> partitionCounts(Collection<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, answer) -> {
            Integer count = partitionCount(topic, answer);
            if (count != null) {
                counts.put(topic, count);
            }
        });
        return counts;
    }

    private static @Nullable Integer partitionCount(String topic, KafkaFuture<TopicDescription> answer) {
        try {
            return Answers.await(answer, "describe topic " + topic).partitions().size();
        } catch (LogFailure e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public Map<TopicPartition, OffsetRange> offsetRanges(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        var begins = admin.listOffsets(each(partitions, OffsetSpec.earliest())).all();
        var ends = admin.listOffsets(each(partitions, OffsetSpec.latest())).all();
        var firsts = Answers.await(begins, "list first offsets");
        var nexts = Answers.await(ends, "list next offsets");
        Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
        nexts.forEach((partition, end) -> {
            var begin = firsts.get(partition);
            ranges.put(partition, new OffsetRange(begin == null ? 0 : begin.offset(), end.offset()));
        });
        return ranges;
    }

    @Override
    public Map<TopicPartition, Long> offsetsAt(Collection<TopicPartition> partitions, Instant time) {
        OffsetSpec spec = OffsetSpec.forTimestamp(time.toEpochMilli());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answers.await(admin.listOffsets(each(partitions, spec)).all(), "find offsets by time")
                .forEach((partition, found) -> {
                    if (found.offset() >= 0) {
                        offsets.put(partition, found.offset());
                    }
                });
        return offsets;
    }

    private static Map<TopicPartition, OffsetSpec> each(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
    }

    @Override
    public Map<String, Map<TopicPartition, Long>> groupOffsets(Collection<String> groupIds) {
        Map<String, Map<TopicPartition, Long>> offsets = new HashMap<>();
        if (!groupIds.isEmpty()) {
            Map<String, ListConsumerGroupOffsetsSpec> wanted = groupIds.stream()
                    .distinct()
                    .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
            var answers = admin.listConsumerGroupOffsets(wanted);
            wanted.keySet()
                    .forEach(group ->
                            offsets.put(group, offsetsOf(group, answers.partitionsToOffsetAndMetadata(group))));
        }
        return offsets;
    }

    private static Map<TopicPartition, Long> offsetsOf(
            String group, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> answer) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            Answers.await(answer, "list the offsets of group " + group)
                    .forEach((partition, offset) -> putIfKnown(offsets, partition, offset));
        } catch (LogFailure e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
        return offsets;
    }

    private static void putIfKnown(
            Map<TopicPartition, Long> offsets, TopicPartition partition, @Nullable OffsetAndMetadata offset) {
        if (offset != null) {
            offsets.put(partition, offset.offset());
        }
    }

    @Override
    public void alterGroupOffsets(String groupId, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> wanted = offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
        Answers.await(admin.alterConsumerGroupOffsets(groupId, wanted).all(), "set the offsets of group " + groupId);
    }

    @Override
    public void deleteGroupOffsets(String groupId, Set<TopicPartition> partitions) {
        Answers.await(
                admin.deleteConsumerGroupOffsets(groupId, partitions).all(), "forget the offsets of group " + groupId);
    }

    @Override
    public void close() {
        tableAppender.close(CLOSE_TIMEOUT);
        admin.close(CLOSE_TIMEOUT);
    }
}
