package io.millrace.connect.testkit.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** What a source reads from, made anew for each run of {@link SourceContract}; and the connector that reads it. */
public interface SourceSystem extends AutoCloseable {

    /** The connector under test. */
    SourceConnector connector();

    /** A new task of it. */
    default SourceTask task() {
        return Tasks.make(connector().taskClass(), SourceTask.class);
    }

    /** Its config. A batch should hold a few rows, at least 2, and a round of {@link #produce} more than one batch. */
    Map<String, String> config();

    /**
     * Makes more input.
     *
     * @return its rows, those of one key in their order; empty when the source makes no more than it has
     */
    List<Row> produce();

    /** The row of a record; null for one that carries none. */
    default @Nullable Row row(SourceRecord record) {
        return new Row(record.topic(), record.key(), record.value());
    }

    /** After so many polls without a record nothing comes any more. */
    default int idlePolls() {
        return 3;
    }

    /** The endings that can be had of it: all of them, unless the system has one reader at a time. */
    default Set<Ending> endings() {
        return Set.of(Ending.values());
    }

    /** Whether a start takes so long that the kill points share runs. */
    default boolean startsAreDear() {
        return false;
    }

    /** The process of this task has died: what the operating system and the network take from it has to go. */
    default void died(SourceTask task) {}

    @Override
    void close();
}
