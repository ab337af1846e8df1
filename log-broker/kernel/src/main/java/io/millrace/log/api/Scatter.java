package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Splits work on partitions among the shards that own them, and gathers the results in the order of the work. */
final class Scatter {

    private Scatter() {}

    /**
     * Runs a task on the leader of each partition of one topic.
     *
     * @param topic null if there is no such topic: then every partition is answered with an error
     * @param wanted handed over for good
     */
    static <W, R> Promise<List<R>> onLeaders(
            LocalShard here, @Nullable TopicImage topic, List<W> wanted, LeaderTask<W, R> task) {
        if (topic == null) {
            return Promise.of(wanted.stream()
                    .map(piece -> task.failed(piece, Errors.UNKNOWN_TOPIC_OR_PARTITION))
                    .toList());
        }
        Uuid id = topic.id();
        return each(
                here,
                wanted,
                piece -> new PartitionId(id, task.index(piece)),
                (owner, piece) -> onLeader(owner, new PartitionId(id, task.index(piece)), piece, task));
    }

    private static <W, R> Promise<R> onLeader(
            LocalShard owner, PartitionId partition, W wanted, LeaderTask<W, R> task) {
        PartitionLeader leader = owner.replicas().find(partition);
        return leader == null
                ? Promise.of(task.failed(wanted, Partitions.missing(owner, partition)))
                : task.run(owner, leader, wanted);
    }

    /**
     * Does every piece of work on the shard that owns its partition.
     *
     * @param task captures only what is immutable
     */
    private static <W, R> Promise<List<R>> each(
            LocalShard here,
            List<W> work,
            Function<W, PartitionId> partition,
            BiFunction<LocalShard, W, Promise<R>> task) {
        return byOwner(
                here,
                work,
                partition,
                (there, share) -> Promise.all(
                        share.stream().map(piece -> task.apply(there, piece)).toList()));
    }

    /** As {@link #each}, where the task takes all pieces of one owner and gives a result for each, in their order. */
    static <W, R> Promise<List<R>> byOwner(
            LocalShard here,
            List<W> work,
            Function<W, PartitionId> partition,
            BiFunction<LocalShard, List<W>, Promise<List<R>>> task) {
        if (here.shards() == 1) {
            return task.apply(here, work);
        }
        SortedMap<Integer, List<Integer>> positions = new TreeMap<>();
        for (int i = 0; i < work.size(); i++) {
            int owner = here.ownerOf(partition.apply(work.get(i)));
            positions.computeIfAbsent(owner, ignored -> new ArrayList<>()).add(i);
        }
        List<Promise<List<R>>> shares = new ArrayList<>();
        positions.forEach((owner, indexes) -> {
            List<W> share = indexes.stream().map(work::get).toList();
            shares.add(here.ask(owner, there -> task.apply(there, share)));
        });
        return Promise.all(shares).map(results -> inOrder(positions, results, work.size()));
    }

    private static <R> List<R> inOrder(SortedMap<Integer, List<Integer>> positions, List<List<R>> results, int size) {
        SortedMap<Integer, R> byPosition = new TreeMap<>();
        int share = 0;
        for (List<Integer> indexes : positions.values()) {
            for (int i = 0; i < indexes.size(); i++) {
                byPosition.put(indexes.get(i), results.get(share).get(i));
            }
            share++;
        }
        List<R> ordered = new ArrayList<>(size);
        ordered.addAll(byPosition.values());
        return ordered;
    }
}
