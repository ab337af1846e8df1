package io.millrace.connect.testkit.contract;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * A runtime around one sink task after another: a log that is polled and rewound, redelivery after a
 * {@link RetriableException}, a group that remembers offsets, and an end without warning. One thread, and a clock that
 * is moved by hand.
 *
 * <p>Log and group outlive the tasks. The order of the calls is that of the real runtime: initialise, start, open; then
 * rewind, read, put, and now and then preCommit and a commit of what it answered; at last preCommit, commit, close,
 * stop.
 */
public final class SimSinkRuntime {

    private static final int TURNS_MAX = 10_000;

    private final Map<String, String> config;
    private final Function<InstantSource, SinkTask> tasks;
    private final Map<TopicPartition, List<SinkRecord>> log = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long nowMillis = 1_000_000;
    private boolean deadLetters;
    private @Nullable Life life;
    private @Nullable SimSinkContext context;

    /** What the runtime knows of a task, and forgets with it. */
    private static final class Life {
        private final SinkTask task;
        private final Map<TopicPartition, Long> read = new HashMap<>();
        private final Map<TopicPartition, Long> delivered = new HashMap<>();
        private List<SinkRecord> batch = List.of();
        private Map<TopicPartition, Long> safe = Map.of();
        private int commitRequestsSeen;

        private Life(SinkTask task) {
            this.task = task;
        }
    }

    /**
     * @param config the config of the task
     * @param tasks makes a new task, which may go by the given clock
     */
    public SimSinkRuntime(Map<String, String> config, Function<InstantSource, SinkTask> tasks) {
        this.config = config;
        this.tasks = tasks;
    }

    /** From the next start on tasks can report records. */
    public SimSinkRuntime withDeadLetters() {
        deadLetters = true;
        return this;
    }

    /** Appends to the log; the offsets of a partition need not be dense. */
    public SimSinkRuntime append(SinkRecord... records) {
        return append(List.of(records));
    }

    /** Appends to the log; the offsets of a partition need not be dense. */
    public SimSinkRuntime append(List<SinkRecord> records) {
        for (SinkRecord record : records) {
            log.computeIfAbsent(partitionOf(record), key -> new ArrayList<>()).add(record);
        }
        return this;
    }

    /** The records of each partition; a partition may be put here without any. */
    public Map<TopicPartition, List<SinkRecord>> log() {
        return log;
    }

    /** The group's offsets. */
    public Map<TopicPartition, Long> committed() {
        return committed;
    }

    public void advance(long millis) {
        nowMillis += millis;
    }

    public SinkTask task() {
        return life().task;
    }

    /** What the task asked for, or the last one when there is none. */
    public SimSinkContext context() {
        return Objects.requireNonNull(context, "no task was started");
    }

    private Life life() {
        return Objects.requireNonNull(life, "no task was started");
    }

    /** A new task, with all partitions of the log. */
    public SimSinkRuntime start() {
        begin();
        open();
        return this;
    }

    /** One poll of at most so many records of each partition, and one put of what it gave, or of what was refused. */
    public void poll(int most) {
        rewind();
        read(most);
        put();
    }

    /** Polls until the log is at its end, and commits. */
    public void drain() {
        for (int i = 0; i < TURNS_MAX; i++) {
            poll(Integer.MAX_VALUE);
            if (isAtEnd()) {
                commit();
                return;
            }
        }
        throw new AssertionError("the log does not come to its end");
    }

    /** Asks the task what is safe, and commits that. */
    public void commit() {
        ask(context().assignment());
        write();
    }

    /** The end without warning: nothing of the task is called any more. */
    public void crash() {
        life = null;
    }

    /** The end of a task that is well. */
    public void shutDown() {
        life().batch = List.of();
        commit();
        end();
    }

    /** A new task without partitions. */
    void begin() {
        context = new SimSinkContext(config, deadLetters);
        life = new Life(tasks.apply(() -> Instant.ofEpochMilli(nowMillis)));
        task().initialize(context());
        task().start(config);
    }

    /** Gives the task those partitions that it does not have. Returns false when there are none. */
    boolean open() {
        Set<TopicPartition> added = new HashSet<>(log.keySet());
        added.removeAll(context().assignment());
        if (added.isEmpty()) {
            return false;
        }
        for (TopicPartition partition : added) {
            seek(partition, committed.getOrDefault(partition, 0L));
        }
        context().assign(added);
        task().open(added);
        return true;
    }

    private void seek(TopicPartition partition, long offset) {
        life().read.put(partition, offset);
        life().delivered.put(partition, offset);
    }

    /** Goes where the task asked for. */
    boolean rewind() {
        Map<TopicPartition, Long> rewinds = context().rewinds();
        boolean any = !rewinds.isEmpty();
        rewinds.forEach(this::seek);
        rewinds.clear();
        return any;
    }

    /** Reads a batch, unless one was refused. Returns false when there is none. */
    boolean read(int most) {
        if (life().batch.isEmpty()) {
            life().batch = ahead(most);
            life().batch.forEach(record -> life().read.put(partitionOf(record), record.originalKafkaOffset() + 1));
        }
        return !life().batch.isEmpty();
    }

    private List<SinkRecord> ahead(int most) {
        List<SinkRecord> batch = new ArrayList<>();
        Set<TopicPartition> from = new HashSet<>(context().assignment());
        from.removeAll(context().paused());
        log.forEach((partition, records) -> {
            long next = life().read.getOrDefault(partition, 0L);
            records.stream()
                    .filter(record -> from.contains(partition) && record.originalKafkaOffset() >= next)
                    .limit(most)
                    .forEach(batch::add);
        });
        return batch;
    }

    /** Whether the task has everything that the log has, and wants nothing again. */
    boolean isAtEnd() {
        return life().batch.isEmpty()
                && context().rewinds().isEmpty()
                && context().assignment().equals(log.keySet())
                && ahead(1).isEmpty();
    }

    List<SinkRecord> batch() {
        return life().batch;
    }

    /** Gives the batch, which may be empty, to the task; it stays when the task refuses it. */
    boolean put() {
        List<SinkRecord> batch = life().batch;
        task().put(batch);
        batch.forEach(record -> life().delivered.put(partitionOf(record), record.originalKafkaOffset() + 1));
        life().batch = List.of();
        return !batch.isEmpty();
    }

    /** Whether the task asked for a commit since the last call. */
    boolean takeCommitRequest() {
        int before = life().commitRequestsSeen;
        life().commitRequestsSeen = context().commitRequests();
        return life().commitRequestsSeen > before;
    }

    /** Asks the task which offsets of these partitions are safe. */
    boolean ask(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> current = new HashMap<>();
        partitions.forEach(partition ->
                current.put(partition, new OffsetAndMetadata(life().delivered.getOrDefault(partition, 0L))));
        Map<TopicPartition, Long> safe = new HashMap<>();
        task().preCommit(current).forEach((partition, offset) -> safe.put(partition, offset.offset()));
        life().safe = safe;
        return true;
    }

    /** Commits what the task said to be safe, as far as it was delivered. Returns false when that is nothing new. */
    boolean write() {
        Map<TopicPartition, Long> safe = life().safe;
        life().safe = Map.of();
        boolean moved = false;
        for (Map.Entry<TopicPartition, Long> entry : safe.entrySet()) {
            TopicPartition partition = entry.getKey();
            long offset = entry.getValue();
            boolean ours = context().assignment().contains(partition);
            if (ours && offset <= life().delivered.getOrDefault(partition, 0L)) {
                Long before = committed.put(partition, offset);
                moved |= before == null || before != offset;
            }
        }
        return moved;
    }

    /** The task refused to say what is safe: it is given everything again from what is committed. */
    void rewindToCommitted() {
        context().assignment().forEach(partition -> seek(partition, committed.getOrDefault(partition, 0L)));
    }

    /** Takes partitions away from the task; what was read of them and not put is dropped. */
    void close(Set<TopicPartition> partitions) {
        life().batch = life().batch.stream()
                .filter(record -> !partitions.contains(partitionOf(record)))
                .toList();
        context().revoke(partitions);
        task().close(partitions);
    }

    /** Ends the task without asking what is safe, as one that has failed. */
    void end() {
        if (!context().assignment().isEmpty()) {
            close(context().assignment());
        }
        task().stop();
        life = null;
    }

    private static TopicPartition partitionOf(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }
}
