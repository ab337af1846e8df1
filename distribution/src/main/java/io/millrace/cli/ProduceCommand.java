package io.millrace.cli;

import io.millrace.platform.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes lines of standard input as records. */
@Command(
        name = "produce",
        description = "Write each line of standard input as a record, acknowledged only when it is durable.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo hello | millrace produce greetings",
            "  millrace produce greetings --key-separator : < keyed-lines.txt"
        })
final class ProduceCommand implements Callable<Integer> {

    @Mixin
    private LogAddress log = new LogAddress();

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "what stands before the first TEXT of a line is the record's key")
    private @Nullable String keySeparator;

    @Override
    public Integer call() throws IOException, InterruptedException {
        log.ask(admin -> admin.describeCluster().clusterId().get());
        Properties config = log.clientConfig();
        config.remove("default.api.timeout.ms");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long lines = 0;
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null && failure.get() == null; line = input.readLine()) {
                var _ = producer.send(record(line), (metadata, e) -> keepFirst(failure, e));
                lines++;
            }
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new UserError("writing to " + topic + " failed: " + failed.getMessage(), failed);
        }
        System.err.println(lines + (lines == 1 ? " record" : " records") + " written to " + topic);
        return 0;
    }

    private static void keepFirst(AtomicReference<@Nullable Exception> failure, @Nullable Exception e) {
        if (e != null) {
            failure.compareAndSet(null, e);
        }
    }

    private ProducerRecord<String, String> record(String line) {
        int at = keySeparator == null ? -1 : line.indexOf(keySeparator);
        return at < 0 || keySeparator == null
                ? new ProducerRecord<>(topic, line)
                : new ProducerRecord<>(topic, line.substring(0, at), line.substring(at + keySeparator.length()));
    }
}
