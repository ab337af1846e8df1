package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.CpuMeter;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.LeanConsumer;
import io.millrace.bench.wire.LeanProducer;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.List;

/**
 * Reads a partition from its start, all of which the operating system still has in memory.
 *
 * @param load what the partition is filled with before, by one connection
 * @param reader what reads it
 */
record Consume(String name, LeanLoad load, Reader reader) implements Load {

    /** What reads. */
    enum Reader {
        STOCK("kafka-consumer-perf-test, without the time to join its group"),
        LEAN("a consumer that looks at the headers of batches only");

        private final String title;

        Reader(String title) {
            this.title = title;
        }
    }

    @Override
    public List<Mark> marks() {
        return List.of();
    }

    @Override
    public String what() {
        return "%s: %,d batches of %d KB with records of %d B, one partition"
                .formatted(reader.title, load.requests(), load.batchBytes() / 1024, load.recordBytes());
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException, InterruptedException {
        Batch batch = Batch.filling(load.batchBytes(), load.recordBytes());
        int batches = stand.scaled(load.requests());
        long records = (long) batches * batch.records();
        try (Topics topics = new Topics(stand.port())) {
            topics.create(name, 1, stand.server().topicConfigs(Durability.PAGE_CACHE));
            try (LeanProducer producer = new LeanProducer(stand.port(), name, 0, Acks.ALL, batch, 0)) {
                producer.send(batches, LeanLoad.IN_FLIGHT_MAX);
            }
            topics.awaitEndOffset(name, 1, records);
            CpuMeter cpu = new CpuMeter(stand.process()::cpuSeconds);
            out.add(Measure.THROUGHPUT, read(stand, records));
            out.add(Measure.SERVER_CPU, cpu.microsPerRecord(records));
            topics.delete(name);
        }
    }

    private double read(Stand stand, long records) throws IOException, InterruptedException {
        if (reader == Reader.STOCK) {
            return stand.tools().consume(stand.port(), name, records).recordsPerSecond();
        }
        try (LeanConsumer consumer = new LeanConsumer(stand.port(), name, 0)) {
            return records / Clients.run(List.of(() -> consumer.readTo(records)));
        }
    }
}
