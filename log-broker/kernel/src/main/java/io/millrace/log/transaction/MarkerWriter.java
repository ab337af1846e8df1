package io.millrace.log.transaction;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Tells partitions, wherever they are led, how a transaction ended. */
@FunctionalInterface
public interface MarkerWriter {

    /**
     * Writes a marker to every partition; one that has it already is told again without harm.
     *
     * @return for each partition NONE once the marker is committed there, UNKNOWN_TOPIC_OR_PARTITION if there is no
     *     such partition any more, INVALID_PRODUCER_EPOCH if a later epoch has passed there, or an error after which it
     *     is to be tried again
     */
    Promise<Map<TopicPartition, Errors>> write(TransactionMarker marker, Collection<TopicPartition> partitions);
}
