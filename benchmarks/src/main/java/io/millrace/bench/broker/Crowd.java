package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.LeanConsumer;
import io.millrace.bench.wire.LeanProducer;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Many producers, and a consumer behind each of them, all at full speed: what memory does the broker take? */
record Crowd(String name, LeanLoad load) implements Load {

    private static final long SAMPLE_NANOS = 50_000_000;

    @Override
    public List<Mark> marks() {
        return List.of();
    }

    @Override
    public String what() {
        return "%d lean producers with %,d requests of %d KB each, and as many consumers; the most memory meanwhile"
                .formatted(load.connections(), load.requests(), load.batchBytes() / 1024);
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException, InterruptedException {
        Batch batch = Batch.filling(load.batchBytes(), load.recordBytes());
        int requests = stand.scaled(load.requests());
        try (Topics topics = new Topics(stand.port())) {
            topics.create(name, load.connections(), stand.server().topicConfigs(Durability.PAGE_CACHE));
            List<Clients.Work> clients = new ArrayList<>();
            AtomicInteger running = new AtomicInteger(2 * load.connections());
            for (int i = 0; i < load.connections(); i++) {
                int partition = i;
                clients.add(counted(running, () -> produce(stand.port(), partition, batch, requests)));
                clients.add(
                        counted(running, () -> consume(stand.port(), partition, (long) requests * batch.records())));
            }
            double[] most = new double[1];
            clients.add(() -> most[0] = mostMemory(stand, running));
            double seconds = Clients.run(clients);
            out.add(Measure.THROUGHPUT, (double) load.connections() * requests * batch.records() / seconds);
            out.add(Measure.RESIDENT, most[0]);
            topics.delete(name);
        }
    }

    private static Clients.Work counted(AtomicInteger running, Clients.Work work) {
        return () -> {
            try {
                work.run();
            } finally {
                running.decrementAndGet();
            }
        };
    }

    private void produce(int port, int partition, Batch batch, int requests) throws IOException {
        try (LeanProducer producer = new LeanProducer(port, name, partition, Acks.ALL, batch, 0)) {
            producer.send(requests, LeanLoad.IN_FLIGHT_MAX);
        }
    }

    private void consume(int port, int partition, long records) throws IOException {
        try (LeanConsumer consumer = new LeanConsumer(port, name, partition)) {
            consumer.readTo(records);
        }
    }

    private static double mostMemory(Stand stand, AtomicInteger running) throws IOException {
        double most = stand.process().residentMegabytes();
        while (running.get() > 0) {
            LockSupport.parkNanos(SAMPLE_NANOS);
            most = Math.max(most, stand.process().residentMegabytes());
        }
        return most;
    }
}
