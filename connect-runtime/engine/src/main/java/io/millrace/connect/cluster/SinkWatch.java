package io.millrace.connect.cluster;

import io.millrace.connect.record.Progress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sees what keeps a sink from advancing that its tasks cannot see: the log does not answer, a topic is not there, or
 * the target takes records and stores none.
 *
 * <p>It looks only when it is asked; what it says to have lasted since a moment was first seen then.
 *
 * <p><b>Threads.</b> Any.
 */
final class SinkWatch {

    private final SinkLags lags;
    private final long commitIntervalMs;
    private final LongSupplier clockMs;
    private final Map<String, Progress.Wait> missing = new ConcurrentHashMap<>();
    private final Map<String, Standstill> standstills = new ConcurrentHashMap<>();

    /** A sink that was given more than it stored. */
    private record Standstill(Map<TopicPartition, Long> committed, long sinceMs) {}

    /**
     * @param commitIntervalMs the time between two commits of a sink
     * @param clockMs wall time in milliseconds
     */
    SinkWatch(SinkLags lags, long commitIntervalMs, LongSupplier clockMs) {
        this.lags = lags;
        this.commitIntervalMs = commitIntervalMs;
        this.clockMs = clockMs;
    }

    SinkLags lags() {
        return lags;
    }

    /**
     * What keeps the sink from advancing.
     *
     * @param delivered how far its tasks were given records, in this run
     */
    Optional<Progress.Wait> obstacle(String sink, Map<TopicPartition, Long> delivered) {
        SinkLags.@Nullable Reading reading = lags.of(sink);
        long silentMs = lags.silentSinceMs();
        if (silentMs >= 0) {
            return clockMs.getAsLong() - silentMs < Progress.OVERDUE_MS
                    ? Optional.empty()
                    : Optional.of(new Progress.Wait("the log does not answer", silentMs));
        }
        if (reading == null) {
            return Optional.empty();
        }
        return missing(sink, reading).or(() -> standstill(sink, delivered, reading.committed()));
    }

    private Optional<Progress.Wait> missing(String sink, SinkLags.Reading reading) {
        if (reading.missing().isEmpty()) {
            missing.remove(sink);
            return Optional.empty();
        }
        String reason = reading.missing().size() == 1
                ? "there is no topic " + reading.missing().getFirst()
                : "there are no topics " + String.join(", ", reading.missing());
        return Optional.of(
                missing.compute(sink, (name, before) -> Progress.Wait.lasting(before, reason, clockMs.getAsLong())));
    }

    private Optional<Progress.Wait> standstill(
            String sink, Map<TopicPartition, Long> delivered, Map<TopicPartition, Long> committed) {
        Optional<TopicPartition> behind = delivered.entrySet().stream()
                .filter(given -> committed.getOrDefault(given.getKey(), -1L) < given.getValue())
                .map(Map.Entry::getKey)
                .findFirst();
        if (behind.isEmpty()) {
            standstills.remove(sink);
            return Optional.empty();
        }
        long sinceMs = standstills
                .compute(
                        sink,
                        (name, before) -> before != null && before.committed().equals(committed)
                                ? before
                                : new Standstill(committed, clockMs.getAsLong()))
                .sinceMs();
        boolean overdue = clockMs.getAsLong() - sinceMs >= Progress.OVERDUE_MS + 2 * commitIntervalMs;
        return overdue
                ? Optional.of(new Progress.Wait(reason(behind.get(), delivered, committed), sinceMs))
                : Optional.empty();
    }

    private static String reason(
            TopicPartition partition, Map<TopicPartition, Long> delivered, Map<TopicPartition, Long> committed) {
        Long stored = committed.get(partition);
        return "the target is not advancing: of %s it was given everything before offset %d, and has stored %s"
                .formatted(
                        partition,
                        delivered.get(partition),
                        stored == null ? "nothing" : "what is before offset " + stored);
    }

    /** Forgets all but these. */
    void retain(Set<String> connectors) {
        missing.keySet().retainAll(connectors);
        standstills.keySet().retainAll(connectors);
    }
}
