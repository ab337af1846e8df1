package io.millrace.bench.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code kafka-producer-perf-test} and {@code kafka-consumer-perf-test}, the same for both sides. */
public final class StockTools {

    private static final long SECONDS_MAX = 600;
    private static final int PAYLOADS = 1000;
    private static final long IDLE_MS_MAX = 60_000;

    private final String classPath;
    private final Path work;

    /**
     * @param classPath Apache Kafka's jars and its tools
     * @param work a folder for files of payloads and what the tools print
     */
    public StockTools(String classPath, Path work) {
        this.classPath = classPath;
        this.work = work;
    }

    /**
     * Sends records as fast as the broker takes them.
     *
     * @param warmUp of the records, the first so many, which the tool leaves out of its figures
     * @throws IOException if it fails, or was not told of every record
     */
    public ProducerFigures produce(int port, String topic, String acks, Records records, long warmUp)
            throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "org.apache.kafka.tools.ProducerPerformance",
                "--bootstrap-server",
                "127.0.0.1:" + port,
                "--topic",
                topic,
                "--num-records",
                Long.toString(records.count()),
                "--warmup-records",
                Long.toString(warmUp),
                "--throughput",
                "-1",
                "--payload-file",
                payloads(records.bytes()).toString(),
                "--command-property",
                "acks=" + acks);
        return ProducerFigures.parse(run(arguments));
    }

    /** Reads a topic from its start, in a group of its own. */
    public ConsumerFigures consume(int port, String topic, long records) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "org.apache.kafka.tools.ConsumerPerformance",
                "--bootstrap-server",
                "127.0.0.1:" + port,
                "--topic",
                topic,
                "--group",
                topic,
                "--num-records",
                Long.toString(records),
                "--timeout",
                Long.toString(IDLE_MS_MAX));
        return ConsumerFigures.parse(run(arguments), records);
    }

    /** A file with lines of that size; with a size alone, the tool would spend its time on random numbers. */
    private Path payloads(int bytes) throws IOException {
        Path file = work.resolve("payloads-" + bytes + ".txt");
        if (Files.exists(file)) {
            return file;
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PAYLOADS; i++) {
            StringBuilder line = new StringBuilder().append(i).append(' ');
            while (line.length() < bytes) {
                line.append((char) ('a' + (line.length() * 31 + i) % 26));
            }
            lines.add(line.substring(0, bytes));
        }
        return Files.write(file, lines, StandardCharsets.US_ASCII);
    }

    private String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512M",
                "-Duser.language=en",
                "-Duser.country=US",
                "-cp",
                classPath));
        command.addAll(arguments);
        Path output = Files.createTempFile(work, "tool", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            String said = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(arguments.getFirst() + " failed or took too long; it said:\n" + said);
            }
            return said;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
