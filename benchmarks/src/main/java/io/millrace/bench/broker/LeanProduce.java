package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.CpuMeter;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.LeanProducer;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests made once, five unanswered at most on each connection; each connection has a partition of its own.
 *
 * @param load of a full run
 */
record LeanProduce(String name, LeanLoad load, Acks acks, Durability durability, List<Mark> marks) implements Load {

    private static final int WARM_UP_SHARE = 5;

    @Override
    public String what() {
        return "%d connections, each %,d prebuilt requests of %d KB with records of %d B, acks=%s, %s"
                .formatted(
                        load.connections(),
                        load.requests(),
                        load.batchBytes() / 1024,
                        load.recordBytes(),
                        acks.config(),
                        Words.of(durability));
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException, InterruptedException {
        Batch batch = Batch.filling(load.batchBytes(), load.recordBytes());
        int requests = stand.scaled(load.requests());
        int warmUp = Math.max(1, requests / WARM_UP_SHARE);
        List<LeanProducer> producers = new ArrayList<>();
        try (Topics topics = new Topics(stand.port())) {
            topics.create(name, load.connections(), stand.server().topicConfigs(durability));
            for (int i = 0; i < load.connections(); i++) {
                producers.add(new LeanProducer(stand.port(), name, i, acks, batch, 0));
            }
            send(producers, warmUp);
            CpuMeter cpu = new CpuMeter(stand.process()::cpuSeconds);
            double seconds = send(producers, requests);
            long records = (long) requests * batch.records() * load.connections();
            out.add(Measure.THROUGHPUT, records / seconds);
            out.add(Measure.SERVER_CPU, cpu.microsPerRecord(records));
            topics.awaitEndOffset(name, load.connections(), (long) (warmUp + requests) * batch.records());
            topics.delete(name);
        } finally {
            for (LeanProducer producer : producers) {
                producer.close();
            }
        }
    }

    private static double send(List<LeanProducer> producers, int requests) throws IOException, InterruptedException {
        return Clients.run(producers.stream()
                .map(producer -> (Clients.Work) () -> producer.send(requests, LeanLoad.IN_FLIGHT_MAX))
                .toList());
    }
}
