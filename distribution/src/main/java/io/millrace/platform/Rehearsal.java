package io.millrace.platform;

import io.millrace.log.server.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Starts the platform in a directory that is thrown away, sends one record through it, and ends it: what a start needs,
 * for a JVM that writes down what it loaded and compiled (an AOT cache, JEP 514).
 */
public final class Rehearsal {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    private static final String TOPIC = "rehearsal";
    private static final Duration READ_TIME_MAX = Duration.ofSeconds(30);

    private Rehearsal() {}

    /** Rehearses once; takes seconds. */
    public static void run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("millrace-rehearsal");
        PlatformConfig config = PlatformConfig.whole(directory, ANY_PORT, ANY_PORT);
        try (Platform platform = Platform.start(config, Optional.empty());
                RestApi rest = new RestApi(platform.restUrl())) {
            rest.get("/connector-plugins");
            rest.get("/connectors");
            sendOneRecord(platform.kafkaAddress().toString());
        } catch (ExecutionException e) {
            throw new UserError("the rehearsal of a start failed: " + e.getCause(), e);
        } finally {
            Utils.delete(directory.toFile());
        }
    }

    private static void sendOneRecord(String log) throws ExecutionException, InterruptedException {
        Map<String, Object> keys = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, log,
                ConsumerConfig.GROUP_ID_CONFIG, TOPIC,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, log))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, log),
                        new StringSerializer(),
                        new StringSerializer());
                KafkaConsumer<String, String> consumer =
                        new KafkaConsumer<>(keys, new StringDeserializer(), new StringDeserializer())) {
            producer.send(new ProducerRecord<>(TOPIC, "hello")).get();
            consumer.subscribe(List.of(TOPIC));
            if (consumer.poll(READ_TIME_MAX).isEmpty()) {
                throw new UserError("the rehearsal of a start failed: its record did not come back");
            }
        }
    }
}
