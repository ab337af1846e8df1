package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Server;
import io.millrace.bench.server.ServerProcess;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A clean restart with many partitions, until every one of them tells its end and a record is acknowledged. The data is
 * made once and kept over the rounds.
 *
 * @param segments of each partition, of one record each
 */
record Restart(String name, int partitions, int segments, List<Mark> marks) implements Launch {

    private static final String TOPIC = "many";
    private static final Pattern SEGMENT = Pattern.compile(".*/" + TOPIC + "-\\d+/\\d+\\.log");
    private static final long IDLE_MILLIS = 2_000;
    /** Both roll by time: we by the clock since the first append, Apache Kafka by the timestamps of records. */
    private static final int SEGMENT_MS = 10;

    private static final long TIMESTAMP_STEP_MS = 1_000;

    @Override
    public String what() {
        return "clean restart with %,d partitions of %d segments until all of them serve"
                .formatted(partitions, segments);
    }

    @Override
    public void run(Server server, Folders folders, Recorder out) throws IOException, InterruptedException {
        Path folder = folders.kept(name, server.side());
        Path filled = folder.resolve("filled");
        if (!Files.exists(filled)) {
            fill(server, folders.fresh(name, server.side()));
            Files.createFile(filled);
        }
        try (ServerProcess process = server.start(folder)) {
            awaitAll(process);
            out.add(Measure.READY, Start.secondsToFirstRecord(process));
            Thread.sleep(IDLE_MILLIS);
            out.add(Measure.RESIDENT, process.residentMegabytes());
            out.add(Measure.STOP, process.stop());
        }
    }

    private void awaitAll(ServerProcess process) throws IOException {
        try (Topics topics = FirstAnswer.of(process)) {
            topics.awaitEndOffset(TOPIC, partitions, segments);
        }
    }

    private void fill(Server server, Path folder) throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        try (ServerProcess process = server.start(folder)) {
            try (Topics topics = FirstAnswer.of(process)) {
                topics.create(TOPIC, partitions, Map.of("segment.ms", Integer.toString(SEGMENT_MS)));
                for (int i = 0; i < segments; i++) {
                    long timestamp = now - (segments - i) * TIMESTAMP_STEP_MS;
                    topics.appendToEach(TOPIC, partitions, Batch.of(1, Start.RECORD_BYTES, timestamp), i);
                    Thread.sleep(2 * SEGMENT_MS);
                }
            }
            Start.secondsToFirstRecord(process);
            process.stop();
        }
        requireSegments(folder);
    }

    private void requireSegments(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long found = files.filter(file -> SEGMENT.matcher(file.toString()).matches())
                    .count();
            if (found != (long) partitions * segments) {
                throw new IOException("%d segments were to be made in %s, there are %d"
                        .formatted((long) partitions * segments, folder, found));
            }
        }
    }
}
