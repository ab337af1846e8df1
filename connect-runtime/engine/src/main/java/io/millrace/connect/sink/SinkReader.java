package io.millrace.connect.sink;

import io.millrace.connect.log.GroupReader;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.ReaderSpec;
import io.millrace.connect.log.StoredRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics of a sink, and knows which partitions are held back: those that the sink paused itself, and all of
 * them while a batch waits to be tried again or the connector is paused.
 *
 * <p><b>Threads.</b> The task's thread only, but for {@link #wakeup()}.
 */
public final class SinkReader {

    private final LogClient log;
    private final ReaderSpec spec;
    private final Set<TopicPartition> pausedBySink = new HashSet<>();
    private volatile @Nullable GroupReader reader;
    private boolean allHeld;

    public SinkReader(LogClient log, ReaderSpec spec) {
        this.log = log;
        this.spec = spec;
    }

    void open(GroupReader.AssignmentListener listener) {
        reader = log.openReader(spec, listener);
    }

    private GroupReader opened() {
        GroupReader open = reader;
        if (open == null) {
            throw new IllegalStateException("the sink's task has not been started");
        }
        return open;
    }

    List<StoredRecord> poll(Duration timeout) {
        return opened().poll(timeout);
    }

    Set<TopicPartition> assignment() {
        return opened().assignment();
    }

    long position(TopicPartition partition) {
        return opened().position(partition);
    }

    ConsumerGroupMetadata groupMetadata() {
        return opened().groupMetadata();
    }

    Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
        return opened().committed(partitions);
    }

    /** Whether this is a member of its group, and has read its partitions to their ends as far as is known. */
    boolean atEnd() {
        return groupMetadata().generationId() >= 0
                && assignment().stream()
                        .allMatch(partition -> remaining(partition).orElse(-1) == 0);
    }

    OptionalLong remaining(TopicPartition partition) {
        return opened().remaining(partition);
    }

    void seek(TopicPartition partition, long offset) {
        opened().seek(partition, offset);
    }

    void commit(Map<TopicPartition, Long> offsets) {
        opened().commit(offsets);
    }

    /** The sink does not want these for now. */
    void pause(Set<TopicPartition> partitions) {
        pausedBySink.addAll(partitions);
        apply();
    }

    /** The sink wants these again. */
    void resume(Set<TopicPartition> partitions) {
        pausedBySink.removeAll(partitions);
        apply();
    }

    /** Holds everything back, or lets go of it again. */
    void holdAll(boolean hold) {
        if (allHeld != hold) {
            allHeld = hold;
            apply();
        }
    }

    /** The assignment changed: what is held back must be held back in it too. */
    void reapply() {
        pausedBySink.retainAll(assignment());
        apply();
    }

    private void apply() {
        Set<TopicPartition> wanted = new HashSet<>(assignment());
        Set<TopicPartition> held = new HashSet<>(wanted);
        if (!allHeld) {
            held.retainAll(pausedBySink);
        }
        wanted.removeAll(held);
        opened().pause(held);
        opened().resume(wanted);
    }

    void wakeup() {
        GroupReader open = reader;
        if (open != null) {
            open.wakeup();
        }
    }

    void close(Duration timeout) {
        GroupReader open = reader;
        if (open != null) {
            open.close(timeout);
        }
    }
}
