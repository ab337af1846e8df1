package io.millrace.log.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;

/**
 * Clients that write, read and commit at once, and go on through everything that happens to the broker at their
 * address; and the account of what they were promised.
 *
 * <p>Topics have small segments, so that they roll all the time; one is compacted, one written by transactions.
 */
final class Workload implements AutoCloseable {

    private static final int PARTITIONS = 3;
    private static final String SEGMENT_BYTES = "1048576";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Load> loads;
    private final List<Future<?>> running = new ArrayList<>();

    private Workload(List<Load> loads) {
        this.loads = loads;
    }

    /**
     * Creates the topics and starts the clients.
     *
     * @param flush {@code log.flush} of the topics
     */
    static Workload start(HostPort address, String flush) throws Exception {
        Map<String, String> plain = Map.of("segment.bytes", SEGMENT_BYTES, "log.flush", flush);
        Map<String, String> compacted = Map.of(
                "segment.bytes",
                SEGMENT_BYTES,
                "log.flush",
                flush,
                "cleanup.policy",
                "compact",
                "min.cleanable.dirty.ratio",
                "0.01");
        try (Admin admin = Admin.create(TestClients.configs(address, Map.of()))) {
            admin.createTopics(List.of(
                            new NewTopic("plain", PARTITIONS, (short) 1).configs(plain),
                            new NewTopic("packed", PARTITIONS, (short) 1).configs(plain),
                            new NewTopic("transactions", PARTITIONS, (short) 1).configs(plain),
                            new NewTopic("compacted", 1, (short) 1).configs(compacted)))
                    .all()
                    .get();
        }
        Workload workload = new Workload(List.of(
                RecordWriter.to(address, "plain", PARTITIONS, "none"),
                RecordWriter.to(address, "packed", PARTITIONS, "lz4"),
                RecordWriter.toCompacted(address, "compacted"),
                new TransactionWriter(address, "transactions", PARTITIONS),
                new RecordReader(address, "plain", PARTITIONS, IsolationLevel.READ_UNCOMMITTED),
                new RecordReader(address, "transactions", PARTITIONS, IsolationLevel.READ_COMMITTED),
                new OffsetCommitter(address, "plain")));
        workload.loads.forEach(load -> workload.running.add(workload.threads.submit(() -> {
            load.run();
            return true;
        })));
        return workload;
    }

    /** What all clients together were promised so far. */
    long acknowledged() {
        return loads.stream().mapToLong(Load::acknowledged).sum();
    }

    /** Whether a client has ended although nobody told it to. */
    boolean isBroken() {
        return running.stream().anyMatch(Future::isDone);
    }

    /** Has the clients end, and holds what they were promised against what the broker gives now. */
    Verdict end(HostPort address) throws InterruptedException, ExecutionException {
        loads.forEach(Load::stop);
        for (Future<?> each : running) {
            each.get();
        }
        return loads.stream().map(load -> load.check(address)).reduce(Verdict.NOTHING, Verdict::and);
    }

    @Override
    public void close() {
        loads.forEach(Load::stop);
        threads.shutdownNow();
    }
}
