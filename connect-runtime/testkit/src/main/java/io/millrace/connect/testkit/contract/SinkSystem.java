package io.millrace.connect.testkit.contract;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** What a sink writes to, empty for each run of {@link SinkContract}; and the connector that writes it. */
public interface SinkSystem extends AutoCloseable {

    /** The connector under test. */
    SinkConnector connector();

    /** A new task of it. */
    default SinkTask task() {
        return Tasks.make(connector().taskClass(), SinkTask.class);
    }

    /** Its config, which has it write some batches in more than one piece, and leave some piece for the next batch. */
    Map<String, String> config();

    /** The record that the log has at an offset; no two are alike. */
    SinkRecord record(TopicPartition partition, long offset);

    /** What the target has: {@link #id} of each record that can be seen there, as often as it can. */
    List<String> target();

    /** Whether each record is in the target once: a sink that keeps its offsets with its data says so. */
    boolean exactlyOnce();

    /** Whether a start takes so long that the kill points share runs. */
    default boolean startsAreDear() {
        return false;
    }

    /** The process of this task has died: what the operating system and the network take from it has to go. */
    default void died(SinkTask task) {}

    @Override
    void close();

    /** The name of a record. */
    static String id(TopicPartition partition, long offset) {
        return partition + "@" + offset;
    }
}
