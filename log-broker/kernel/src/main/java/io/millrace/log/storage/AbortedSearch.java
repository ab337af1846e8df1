package io.millrace.log.storage;

import java.util.List;
import java.util.function.Consumer;

/** Finds the transactions that were aborted in a segment without its index: from the batches themselves. */
final class AbortedSearch {

    private final ProducerSnapshots snapshots;
    private final Consumer<Segment> use;

    /**
     * @param use told of each segment before it is read
     */
    AbortedSearch(ProducerSnapshots snapshots, Consumer<Segment> use) {
        this.snapshots = snapshots;
        this.use = use;
    }

    /**
     * What was aborted in the last of {@code segments}. A transaction may have begun in an earlier one: the batches are
     * walked from the latest segment on of which the producers are known.
     */
    List<AbortedTransaction> inLast(List<Segment> segments) {
        int first = segments.size() - 1;
        ProducerTable producers = new ProducerTable();
        while (!snapshots.read(segments.get(first).baseOffset(), producers) && first > 0) {
            first--;
        }
        List<AbortedTransaction> found = List.of();
        for (Segment segment : segments.subList(first, segments.size())) {
            use.accept(segment);
            found = producers.replay(segment);
        }
        return found;
    }
}
