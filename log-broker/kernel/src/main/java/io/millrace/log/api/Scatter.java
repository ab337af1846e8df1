package io.millrace.log.api;

import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Splits work on partitions among the shards that own them, and gathers the results in the order of the work. */
final class Scatter {

    private Scatter() {}

    /**
     * Does every piece of work on the shard that owns its partition.
     *
     * @param work handed over for good
     * @param task runs on the owner; captures only what is immutable
     */
    static <W, R> Promise<List<R>> each(
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
