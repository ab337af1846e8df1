package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.LeanProducer;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long an acknowledgement takes under a steady, light load. Requests are sent by the clock, so that a slow answer
 * also counts for those that it holds up.
 */
record AckLatency(String name, int perSecond, int seconds, Durability durability) implements Load {

    private static final int RECORD_BYTES = 1024;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long NANOS_MAX = 60_000_000_000L;
    private static final int DIGITS = 3;

    @Override
    public List<Mark> marks() {
        return List.of();
    }

    @Override
    public String what() {
        return "%,d requests a second by the clock, for %d s, one record of %d B each, acks=all, %s"
                .formatted(perSecond, seconds, RECORD_BYTES, Words.of(durability));
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException {
        int requests = stand.scaled(perSecond * seconds);
        Histogram latencies = new Histogram(NANOS_MAX, DIGITS);
        try (Topics topics = new Topics(stand.port())) {
            topics.create(name, 1, stand.server().topicConfigs(durability));
            Batch batch = Batch.filling(RECORD_BYTES, RECORD_BYTES);
            try (LeanProducer producer = new LeanProducer(stand.port(), name, 0, Acks.ALL, batch, 0)) {
                producer.sendSteadily(perSecond, perSecond, new Histogram(NANOS_MAX, DIGITS));
                producer.sendSteadily(requests, perSecond, latencies);
            }
            topics.delete(name);
        }
        out.add(Measure.P50, latencies.getValueAtPercentile(50) / NANOS_PER_MILLI);
        out.add(Measure.P99, latencies.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }
}
