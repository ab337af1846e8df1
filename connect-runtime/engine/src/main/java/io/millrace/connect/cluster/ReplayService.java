package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.task.SinkGroups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Has a sink go on from elsewhere, in one call: its tasks end, its positions are set, and its tasks start again, as far
 * as they should run. What the connector should be doing is not touched.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> {@link RequestRefused}, after which the tasks go on.
 */
public final class ReplayService {

    private final ConnectorService connectors;
    private final OffsetService offsets;
    private final Reconciler reconciler;
    private final LogClient log;
    private final SerialCalls calls;

    ReplayService(ConnectorService connectors, OffsetService offsets, Reconciler reconciler, SerialCalls calls) {
        this.connectors = connectors;
        this.offsets = offsets;
        this.reconciler = reconciler;
        this.log = reconciler.environment().log();
        this.calls = calls;
    }

    /** What a replay would do now. Nothing is changed. */
    public Replay.Plan plan(String name, Replay replay) {
        DesiredConnector sink = sink(name);
        String group = SinkGroups.of(name, sink.config());
        Map<TopicPartition, Long> committed = log.groupOffsets(List.of(group)).getOrDefault(group, Map.of());
        List<TopicPartition> chosen =
                partitions(sink).stream().filter(replay::covers).toList();
        if (chosen.isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "There is nothing to replay: no topic of connector %s has such a partition".formatted(name));
        }
        Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(chosen);
        Map<TopicPartition, Long> targets = targets(replay.to(), chosen, ranges);
        List<Replay.Move> moves = new ArrayList<>();
        for (TopicPartition partition : chosen) {
            OffsetRange range = ranges.getOrDefault(partition, new OffsetRange(0, 0));
            long from = committed.getOrDefault(partition, range.begin());
            long to = targets.getOrDefault(partition, range.end());
            moves.add(new Replay.Move(partition, within(range, from), within(range, to)));
        }
        moves.sort(Comparator.comparing((Replay.Move move) -> move.partition().topic())
                .thenComparingInt(move -> move.partition().partition()));
        return new Replay.Plan(name, moves);
    }

    private DesiredConnector sink(String name) {
        return connectors.sink(
                name,
                "only sinks can be replayed. How far a source has come is changed by 'PATCH /connectors/%s/offsets'"
                        .formatted(name));
    }

    private List<TopicPartition> partitions(DesiredConnector sink) {
        return SinkGroups.partitions(log, SinkGroups.topicNames(log, sink.config()));
    }

    /** Partitions that have nothing as young as wanted are left out. */
    private Map<TopicPartition, Long> targets(
            Replay.To to, List<TopicPartition> partitions, Map<TopicPartition, OffsetRange> ranges) {
        return switch (to) {
            case Replay.To.Beginning _ -> offsets(partitions, partition -> begin(ranges, partition));
            case Replay.To.Offset wanted -> offsets(partitions, partition -> wanted.offset());
            case Replay.To.At at -> log.offsetsAt(partitions, at.time());
        };
    }

    private static long begin(Map<TopicPartition, OffsetRange> ranges, TopicPartition partition) {
        OffsetRange range = ranges.get(partition);
        return range == null ? 0 : range.begin();
    }

    private static Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, ToLongFunction<TopicPartition> offsetOf) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, offsetOf.applyAsLong(partition)));
        return offsets;
    }

    private static long within(OffsetRange range, long offset) {
        return Math.clamp(offset, range.begin(), range.end());
    }

    /** Replays. Returns what was done when the tasks are about to go on. */
    public Replay.Plan run(String name, Replay replay) {
        // Whatever can be refused is refused while the sink still runs.
        var _ = plan(name, replay);
        return whileTasksRest(name, () -> {
            Replay.Plan plan = plan(name, replay);
            boolean _ = offsets.move(
                    sink(name),
                    plan.moves().stream()
                            .map(move -> OffsetService.sinkPosition(move.partition(), move.to()))
                            .toList());
            return plan;
        });
    }

    /** Ends the tasks of a connector; they start again, as far as they should run, with what they find then. */
    public void restartTasks(String name) {
        boolean _ = whileTasksRest(name, () -> true);
    }

    private <T> T whileTasksRest(String name, Supplier<T> work) {
        CompletableFuture<Void> tasksEnded =
                calls.onClusterThread(() -> reconciler.hold(name)).orElseThrow(() -> inProgress(name));
        try {
            calls.await("stop the tasks of connector " + name, tasksEnded);
            return work.get();
        } finally {
            reconciler.release(name);
        }
    }

    private static RequestRefused inProgress(String name) {
        return new RequestRefused(Reason.CONFLICT, "Another replay of connector %s is under way".formatted(name));
    }
}
