package io.millrace.log.api;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Writes the end of a transaction into the partitions that it touched, wherever on this broker their shards are. */
public final class TransactionMarkers {

    private TransactionMarkers() {}

    /**
     * Appends the marker to every partition, and answers when all are committed or refused.
     *
     * @param here the shard that asks
     * @return for each partition, in the order given, NONE or why the marker does not stand there. To be tried again
     *     later: NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, NOT_ENOUGH_REPLICAS; of no use to try again:
     *     UNKNOWN_TOPIC_OR_PARTITION (the partition is gone), INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED
     */
    public static Promise<Map<TopicPartition, Errors>> write(
            LocalShard here, TransactionMarker marker, Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), ignored -> new ArrayList<>())
                .add(partition.partition()));
        Append append = new Append(marker);
        List<Promise<List<Written>>> topics = new ArrayList<>();
        byTopic.forEach((topic, indexes) ->
                topics.add(Scatter.onLeaders(here, here.image().topic(topic), List.copyOf(indexes), append)
                        .map(errors -> inTopic(topic, indexes, errors))));
        return Promise.all(topics).map(written -> inOrder(partitions, written));
    }

    private record Written(TopicPartition partition, Errors error) {}

    private static List<Written> inTopic(String topic, List<Integer> indexes, List<Errors> errors) {
        List<Written> written = new ArrayList<>(errors.size());
        for (int i = 0; i < errors.size(); i++) {
            written.add(new Written(new TopicPartition(topic, indexes.get(i)), errors.get(i)));
        }
        return written;
    }

    private static Map<TopicPartition, Errors> inOrder(
            Collection<TopicPartition> partitions, List<List<Written>> written) {
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        partitions.forEach(partition -> answers.put(partition, Errors.NONE));
        written.forEach(topic -> topic.forEach(each -> answers.put(each.partition(), each.error())));
        return answers;
    }

    private record Append(TransactionMarker marker) implements LeaderTask<Integer, Errors> {

        @Override
        public int index(Integer wanted) {
            return wanted;
        }

        @Override
        public Promise<Errors> run(LocalShard owner, PartitionLeader leader, Integer wanted) {
            if (leader.name().topic().equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
                return owner.groups().endTransaction(wanted, marker);
            }
            return switch (leader.endTransaction(marker, owner.timers().now())) {
                case AppendOutcome.Appended done -> leader.committed(done.lastOffset());
                case AppendOutcome.Duplicate done -> leader.committed(done.lastOffset());
                case AppendOutcome.Rejected rejected -> Promise.of(rejected.error());
            };
        }

        @Override
        public Errors failed(Integer wanted, Errors error) {
            return error;
        }
    }
}
