package io.millrace.log.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/**
 * A consumer as a process of its own, with the broker's address, a topic and the consumer's configs as key=value for
 * arguments: says how many records it has read so far, commits what it has read for each line of its input, and says
 * whether that was taken.
 */
final class ConsumerMain {

    private static final Duration POLL = Duration.ofMillis(50);

    private ConsumerMain() {}

    public static void main(String[] args) {
        Map<String, Object> configs = new HashMap<>();
        for (String each : List.of(args).subList(2, args.length)) {
            configs.put(each.split("=", 2)[0], each.split("=", 2)[1]);
        }
        AtomicInteger commands = new AtomicInteger();
        Thread.ofPlatform().daemon().start(() -> count(commands));
        try (KafkaConsumer<String, String> consumer = TestClients.consumer(HostPort.parse(args[0]), configs)) {
            consumer.subscribe(List.of(args[1]), new Silent());
            int read = 0;
            while (true) {
                int more = consumer.poll(POLL).count();
                read += more;
                if (more > 0) {
                    System.out.println("read " + read);
                }
                if (commands.getAndSet(0) > 0) {
                    System.out.println("commit " + commit(consumer));
                }
            }
        }
    }

    private static void count(AtomicInteger commands) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (input.readLine() != null) {
                commands.incrementAndGet();
            }
            Runtime.getRuntime().halt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
            return "taken";
        } catch (CommitFailedException | RebalanceInProgressException e) {
            return "refused";
        }
    }

    /** What is revoked is not committed. */
    private static final class Silent implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
