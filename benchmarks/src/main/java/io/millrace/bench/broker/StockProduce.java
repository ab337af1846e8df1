package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.CpuMeter;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.tool.ProducerFigures;
import io.millrace.bench.tool.Records;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.List;

/**
 * Kafka's own producer at full speed, with its defaults.
 *
 * @param records of a full run
 */
record StockProduce(String name, int records, int recordBytes, Acks acks, Durability durability, List<Mark> marks)
        implements Load {

    /** One record of so many is left out of the tool's figures, as its warm-up. */
    private static final int WARM_UP_SHARE = 4;

    @Override
    public String what() {
        return "kafka-producer-perf-test, %,d records of %d B, acks=%s, %s, one partition"
                .formatted(records, recordBytes, acks.config(), Words.of(durability));
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException, InterruptedException {
        Records load = new Records(stand.scaled(records), recordBytes);
        try (Topics topics = new Topics(stand.port())) {
            topics.create(name, 1, stand.server().topicConfigs(durability));
            CpuMeter cpu = new CpuMeter(stand.process()::cpuSeconds);
            ProducerFigures seen =
                    stand.tools().produce(stand.port(), name, acks.config(), load, load.count() / WARM_UP_SHARE);
            out.add(Measure.THROUGHPUT, seen.recordsPerSecond());
            out.add(Measure.SERVER_CPU, cpu.microsPerRecord(load.count()));
            out.add(Measure.P50, seen.p50Millis());
            out.add(Measure.P99, seen.p99Millis());
            topics.awaitEndOffset(name, 1, load.count());
            topics.delete(name);
        }
    }
}
