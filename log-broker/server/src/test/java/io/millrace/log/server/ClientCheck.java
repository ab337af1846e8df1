package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What other people's clients are seen to do with a running broker: one line each in docs/conformance.md. A test calls
 * {@link #passed} with the version it has seen; {@link #holdReport} fails if the report has other lines than these.
 */
enum ClientCheck {
    CLIENTS(
            "kafka-clients",
            "topics; records of every codec, acks=all, read back as they were; a classic group and one"
                    + " of KIP-848 that go on where they committed; transactions with offsets, committed and aborted"),
    OLD_CLIENTS(
            "kafka-clients of old",
            "topics; records of every codec, acks=all, read back as they were; a group that"
                    + " goes on where it committed; transactions with offsets, committed and aborted"),
    KCAT_CODECS("kcat", "1,000 records of every codec, acks=all, read back as they were, whole and from the end"),
    KCAT_TIMES("kcat", "reads from a timestamp on"),
    KCAT_GROUP("kcat", "a group that goes on where it committed"),
    KCAT_TRANSACTION("kcat", "writes in a transaction, and reads what is committed"),
    CONFLUENT_PYTHON(
            "confluent-kafka-python",
            "topics; idempotent records of every codec, read back as they were; a"
                    + " group that goes on where it committed; transactions with offsets, committed and aborted"),
    KAFKA_PYTHON(
            "kafka-python",
            "topics; records with and without gzip, acks=all, read back as they were; a group that"
                    + " goes on where it committed"),
    KAFKAJS(
            "kafkajs",
            "topics; idempotent records with and without gzip, read back as they were; a group that goes on"
                    + " where it committed; transactions with offsets, committed and aborted"),
    STREAMS(
            "Kafka Streams",
            "exactly_once_v2: a word count through a repartition topic, every step exactly once over"
                    + " two lives of the application, the second restored from its changelog"),
    SPARK(
            "Spark structured streaming",
            "topic to topic, in batches and as records come in, over two restarts from a checkpoint: every record"
                    + " once"),
    TOPICS("kafka-topics", "create, alter, describe, list, delete"),
    CONSOLE("kafka-console-producer, -consumer", "lines written and read, in a group"),
    CONFIGS(
            "kafka-configs",
            "configs of topics, brokers and groups, and client quotas: alter, describe; delete those of a topic"),
    GROUPS(
            "kafka-consumer-groups",
            "classic groups and those of KIP-848: list, describe, reset and delete offsets, delete"),
    GET_OFFSETS("kafka-get-offsets", "earliest, latest, and of a timestamp"),
    DELETE_RECORDS("kafka-delete-records", "records before an offset are gone"),
    DUMP_RECORDS("kafka-dump-log", "every record of every segment, in every codec"),
    DUMP_INDEXES("kafka-dump-log", "finds every index sane and true, also of compacted topics and committed offsets"),
    DUMP_SNAPSHOTS("kafka-dump-log", "snapshots of producers, and committed offsets decoded"),
    TRANSACTIONS("kafka-transactions", "list, describe, describe-producers, find-hanging, abort"),
    VERIFIABLE("kafka-verifiable-producer, -consumer", "1,000 records, each acknowledged, consumed and committed"),
    PERFORMANCE("kafka-producer-perf-test, -consumer-perf-test", "10,000 records, idempotent and in transactions");

    private static final String SECTION = "clients";
    private static final List<String> HEAD = List.of("| client | seen with | what it did |", "|---|---|---|");

    private final String client;
    private final String did;

    ClientCheck(String client, String did) {
        this.client = client;
        this.did = did;
    }

    /** Tells the report, when it is to be written, that the client of this version did all this. */
    void passed(String version) throws IOException {
        if (ConformanceReport.isWritten()) {
            ConformanceReport.rewrite(SECTION, lines -> with(lines, line(version)));
        }
    }

    private List<String> with(List<String> lines, String mine) {
        List<String> all = new ArrayList<>(HEAD);
        Stream.of(values())
                .map(check -> check == this ? Optional.of(mine) : check.lineAmong(lines))
                .flatMap(Optional::stream)
                .forEach(all::add);
        return all;
    }

    private Optional<String> lineAmong(List<String> lines) {
        String begin = line("").split("\\|")[1];
        return lines.stream()
                .filter(line -> line.startsWith("|" + begin) && line.endsWith("| " + did + " |"))
                .findFirst();
    }

    private String line(String version) {
        return "| %s | %s | %s |".formatted(client, version, did);
    }

    /** Fails if the report lacks a line, or has one too many. */
    static void holdReport() throws IOException {
        List<String> expected = new ArrayList<>(HEAD);
        List<String> lines = ConformanceReport.section(SECTION);
        Stream.of(values())
                .map(check -> check.lineAmong(lines).orElse(check.line("never seen")))
                .forEach(expected::add);
        assertThat(lines).isEqualTo(expected);
    }
}
