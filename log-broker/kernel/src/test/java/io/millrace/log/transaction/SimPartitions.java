package io.millrace.log.transaction;

import io.millrace.log.record.TransactionMarker;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Partitions that take markers at once, when told to, or not at all. */
final class SimPartitions implements MarkerWriter {

    private record Held(
            TransactionMarker marker, List<TopicPartition> partitions, Promise<Map<TopicPartition, Errors>> answer) {}

    /** What was written, as "topic-0 COMMIT id/epoch". */
    final List<String> written = new ArrayList<>();

    private final Map<String, Errors> refusals = new TreeMap<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private boolean holds;
    private int rounds;

    @Override
    public Promise<Map<TopicPartition, Errors>> write(TransactionMarker marker, Collection<TopicPartition> partitions) {
        rounds++;
        Held round = new Held(marker, List.copyOf(partitions), new Promise<>());
        if (holds) {
            held.add(round);
        } else {
            write(round);
        }
        return round.answer();
    }

    private void write(Held round) {
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        for (TopicPartition each : round.partitions()) {
            Errors error = refusals.getOrDefault(each.toString(), Errors.NONE);
            answers.put(each, error);
            if (error == Errors.NONE) {
                TransactionMarker marker = round.marker();
                written.add(each + (marker.committed() ? " COMMIT " : " ABORT ") + marker.producerId() + "/"
                        + marker.producerEpoch());
            }
        }
        round.answer().complete(answers);
    }

    void hold() {
        holds = true;
    }

    void release() {
        holds = false;
        while (!held.isEmpty()) {
            write(held.remove());
        }
    }

    /** Markers for {@code partition} are answered with {@code error} from now on. */
    void refuse(String partition, Errors error) {
        refusals.put(partition, error);
    }

    /** How often markers were sent. */
    int rounds() {
        return rounds;
    }
}
