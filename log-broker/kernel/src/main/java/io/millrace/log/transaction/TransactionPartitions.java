package io.millrace.log.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** The partitions of a transaction, by name, each once and in order. Immutable. */
record TransactionPartitions(List<TopicPartition> list) {

    static final TransactionPartitions NONE = new TransactionPartitions(List.of());

    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    TransactionPartitions {
        list = List.copyOf(list);
    }

    static TransactionPartitions of(Collection<TopicPartition> partitions) {
        return NONE.plus(partitions);
    }

    TransactionPartitions plus(Collection<TopicPartition> added) {
        TreeSet<TopicPartition> all = new TreeSet<>(ORDER);
        all.addAll(list);
        all.addAll(added);
        return new TransactionPartitions(new ArrayList<>(all));
    }

    boolean containsAll(Collection<TopicPartition> partitions) {
        TreeSet<TopicPartition> all = new TreeSet<>(ORDER);
        all.addAll(list);
        return all.containsAll(partitions);
    }

    boolean contains(TopicPartition partition) {
        return list.contains(partition);
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    /** Indexes by topic, both in order. */
    SortedMap<String, List<Integer>> byTopic() {
        SortedMap<String, List<Integer>> topics = new TreeMap<>();
        list.forEach(each ->
                topics.computeIfAbsent(each.topic(), _ -> new ArrayList<>()).add(each.partition()));
        return topics;
    }
}
