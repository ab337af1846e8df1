package io.millrace.connect.log.kafka;

import io.millrace.connect.log.ReaderSpec;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of every Kafka client of one worker. Ours come first, then the worker's ({@code producer.*},
 * {@code consumer.*}, {@code admin.*}, without the prefix), then the connector's overrides.
 *
 * @param common for every client: the address of the log, security
 * @param producer the worker's settings for producers
 * @param consumer the worker's settings for consumers
 * @param admin the worker's settings for admin clients
 */
public record KafkaClientSettings(
        Map<String, String> common,
        Map<String, String> producer,
        Map<String, String> consumer,
        Map<String, String> admin) {

    /** How soon a reader notices a topic that was made after it joined, or a partition that was added. */
    private static final int METADATA_AGE_MS = 2_000;

    public KafkaClientSettings {
        common = Map.copyOf(common);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    /** Only an address, everything else as it comes. */
    public static KafkaClientSettings of(String bootstrapServers) {
        return new KafkaClientSettings(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), Map.of(), Map.of(), Map.of());
    }

    Map<String, Object> adminConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, "admin");
        config.putAll(common);
        config.putAll(admin);
        return config;
    }

    Map<String, Object> producerConfig(String clientId, Map<String, String> overrides) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        config.putAll(common);
        config.putAll(producer);
        config.putAll(overrides);
        return config;
    }

    /** What makes a producer transactional is not for the connector to change. */
    Map<String, Object> transactionalConfig(String transactionalId, String clientId, Map<String, String> overrides) {
        Map<String, Object> config = producerConfig(clientId, overrides);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return config;
    }

    Map<String, Object> consumerConfig(ReaderSpec spec) {
        Map<String, Object> config = readerConfig(spec.clientId());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, spec.groupId());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        config.putAll(consumer);
        config.putAll(spec.overrides());
        return config;
    }

    /** As a sink's reader, but without a group. */
    Map<String, Object> partitionsConfig(String clientId, Map<String, String> overrides) {
        Map<String, Object> config = readerConfig(clientId);
        config.putAll(consumer);
        config.putAll(overrides);
        config.keySet().removeIf(key -> key.startsWith("group."));
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return config;
    }

    /** For a reader of tables: it assigns partitions to itself, commits nothing, and sees what is committed. */
    Map<String, Object> tableConfig(String clientId) {
        Map<String, Object> config = readerConfig(clientId);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return config;
    }

    private Map<String, Object> readerConfig(String clientId) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MS);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        config.putAll(common);
        return config;
    }
}
