package io.millrace.cli;

import io.millrace.platform.UserError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the records of a topic. */
@Command(
        name = "consume",
        description = "Print the records of a topic, one a line, until Ctrl-C or --max.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace consume shop.orders --from-beginning --max 10",
            "  millrace consume shop.orders --group my-readers --show key,offset"
        })
final class ConsumeCommand implements Callable<Integer> {

    @Mixin
    private LogAddress log = new LogAddress();

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(names = "--from-beginning", description = "start at the first record (default: only what comes now)")
    private boolean fromBeginning;

    @Option(names = "--max", paramLabel = "N", description = "end after N records")
    private long max = Long.MAX_VALUE;

    @Option(names = "--group", paramLabel = "NAME", description = "read as a member of a group, and commit")
    private @Nullable String group;

    @Option(
            names = "--show",
            paramLabel = "WHAT",
            split = ",",
            description = "what to print before the value: key, offset, partition, timestamp")
    private List<Column> show = List.of();

    /** What can stand before a value. */
    enum Column {
        KEY,
        OFFSET,
        PARTITION,
        TIMESTAMP
    }

    @Override
    public Integer call() throws InterruptedException {
        requireTopic();
        Properties config = log.clientConfig();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, fromBeginning ? "earliest" : "latest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, group != null);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        if (group != null) {
            config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        }
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            start(consumer);
            long count = 0;
            while (count < max && !System.out.checkError()) {
                count += printAll(consumer.poll(Duration.ofMillis(200)), max - count);
            }
        }
        return 0;
    }

    private void requireTopic() throws InterruptedException {
        if (!log.ask(admin -> admin.listTopics().names().get().contains(topic) || topic.startsWith("__"))) {
            throw new UserError("there is no topic " + topic + "; `millrace topic list` shows what there is");
        }
    }

    private void start(KafkaConsumer<String, String> consumer) {
        if (group != null) {
            consumer.subscribe(List.of(topic));
            return;
        }
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        if (fromBeginning) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
        }
    }

    /** Prints as many as there are but no more than {@code most}, and returns how many. */
    private long printAll(ConsumerRecords<String, String> records, long most) {
        long printed = 0;
        for (ConsumerRecord<String, String> record : records) {
            if (printed < most) {
                print(record);
                printed++;
            }
        }
        return printed;
    }

    private void print(ConsumerRecord<String, String> record) {
        StringBuilder line = new StringBuilder();
        Map<Column, Object> values = Map.of(
                Column.KEY, String.valueOf(record.key()),
                Column.OFFSET, record.offset(),
                Column.PARTITION, record.partition(),
                Column.TIMESTAMP, record.timestamp());
        show.forEach(column -> line.append(values.get(column)).append('\t'));
        System.out.println(line.append(record.value()));
    }
}
