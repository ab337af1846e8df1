package io.millrace.connect.sink;

import io.millrace.connect.log.GroupReader;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes partitions at the sink as they come and go. What the sink throws in between is kept until the poll
 * is over: the log's client must not see it.
 */
final class Assignment implements GroupReader.AssignmentListener {

    private final SinkReader reader;
    private final PutStage put;
    private final CommitStage commit;
    private final Runnable rewinds;
    private @Nullable Throwable failure;
    private boolean healthy = true;

    /**
     * @param rewinds goes to where the sink has asked to go on from
     */
    Assignment(SinkReader reader, PutStage put, CommitStage commit, Runnable rewinds) {
        this.reader = reader;
        this.put = put;
        this.commit = commit;
        this.rewinds = rewinds;
    }

    /** The task has failed: what it holds is no longer asked for. */
    void unhealthy() {
        healthy = false;
    }

    @Override
    public void assigned(Set<TopicPartition> partitions) {
        guarded(() -> {
            partitions.forEach(partition -> commit.positions().assign(partition, reader.position(partition)));
            reader.reapply();
            put.task().open(partitions);
            // At once: the poll that brought these partitions may bring records of them too.
            rewinds.run();
        });
    }

    @Override
    public void revoked(Set<TopicPartition> partitions) {
        guarded(() -> {
            put.drop(partitions);
            if (healthy) {
                commit.commit(partitions);
            }
            close(partitions);
        });
    }

    @Override
    public void lost(Set<TopicPartition> partitions) {
        guarded(() -> {
            put.drop(partitions);
            close(partitions);
        });
    }

    private void close(Set<TopicPartition> partitions) {
        partitions.forEach(commit.positions()::remove);
        put.task().close(partitions);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            }
        }
    }

    /** Throws what the sink threw since the last call. */
    void check() {
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }
}
