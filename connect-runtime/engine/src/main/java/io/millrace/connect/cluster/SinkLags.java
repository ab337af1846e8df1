package io.millrace.connect.cluster;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.task.SinkGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each sink is behind its topics. The log is asked for all sinks at once, when somebody wants to know and the
 * last answer is older than {@value #AGE_MAX_MS} ms: what it costs grows neither with how many look nor how often.
 *
 * <p><b>Threads.</b> Any; those that come while the log is being asked wait for its answer, at most
 * {@value #ANSWER_MAX_MS} ms.
 */
final class SinkLags {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLags.class);
    private static final long AGE_MAX_MS = 1_000;
    private static final long ANSWER_MAX_MS = 2_000;
    private static final long ANSWERED = -1;

    private final ConnectorService connectors;
    private final LogClient log;
    private final LongSupplier clockMs;
    private CompletableFuture<Map<String, Reading>> answer = CompletableFuture.completedFuture(Map.of());
    private long answeredMs;
    private volatile long silentSinceMs = ANSWERED;

    /** A sink with what it reads. */
    private record Sink(String name, String group, TopicSelection topics) {}

    /**
     * What the log says of one sink.
     *
     * @param lag how many records it has not committed
     * @param missing topics that it names and that are not there
     * @param committed its group's offsets
     */
    record Reading(long lag, List<String> missing, Map<TopicPartition, Long> committed) {}

    /**
     * @param clockMs wall time in milliseconds
     */
    SinkLags(ConnectorService connectors, LogClient log, LongSupplier clockMs) {
        this.connectors = connectors;
        this.log = log;
        this.clockMs = clockMs;
    }

    /** What the log says of the sink; null while that is not known. */
    @Nullable
    Reading of(String sink) {
        try {
            return answer().get(ANSWER_MAX_MS, TimeUnit.MILLISECONDS).get(sink);
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("what failed was logged when it did");
        } catch (TimeoutException e) {
            LOG.atDebug().setCause(e).log("the log takes its time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Since when the log has not answered, in milliseconds since the epoch; -1 if it has. */
    long silentSinceMs() {
        return silentSinceMs;
    }

    /** The answer that is new enough, or is on its way. */
    private synchronized CompletableFuture<Map<String, Reading>> answer() {
        if (answer.isDone() && clockMs.getAsLong() - answeredMs > AGE_MAX_MS) {
            CompletableFuture<Map<String, Reading>> asked = new CompletableFuture<>();
            answer = asked;
            long askedMs = clockMs.getAsLong();
            if (silentSinceMs == ANSWERED) {
                silentSinceMs = askedMs;
            }
            var _ = Thread.ofVirtual().name("sink-lags").start(() -> ask(asked));
        }
        return answer;
    }

    private void ask(CompletableFuture<Map<String, Reading>> asked) {
        try {
            Map<String, Reading> readings = readAll(sinks());
            silentSinceMs = ANSWERED;
            answered(() -> asked.complete(readings));
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("the log did not tell the lags of sinks");
            answered(() -> asked.completeExceptionally(e));
        }
    }

    private synchronized void answered(Runnable complete) {
        answeredMs = clockMs.getAsLong();
        complete.run();
    }

    private List<Sink> sinks() {
        List<Sink> sinks = new ArrayList<>();
        for (DesiredConnector connector : connectors.all()) {
            Map<String, String> config = connector.config();
            if (connectors.typeOf(config).stream().anyMatch(PluginType.SINK::equals)) {
                String group = SinkGroups.of(connector.name(), config);
                sinks.add(new Sink(connector.name(), group, SinkGroups.topics(config)));
            }
        }
        return sinks;
    }

    private Map<String, Reading> readAll(List<Sink> sinks) {
        Map<String, List<String>> topics = topics(sinks);
        Set<String> wanted = new HashSet<>();
        topics.values().forEach(wanted::addAll);
        Map<String, Integer> counts = wanted.isEmpty() ? Map.of() : log.partitionCounts(wanted);
        Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(partitions(wanted, counts));
        Map<String, Map<TopicPartition, Long>> committed =
                log.groupOffsets(sinks.stream().map(Sink::group).toList());
        Map<String, Reading> found = new HashMap<>();
        for (Sink sink : sinks) {
            List<String> read = topics.getOrDefault(sink.name(), List.of());
            Map<TopicPartition, Long> offsets = committed.getOrDefault(sink.group(), Map.of());
            found.put(
                    sink.name(),
                    new Reading(
                            lag(partitions(read, counts), ranges, offsets),
                            read.stream()
                                    .filter(topic -> !counts.containsKey(topic))
                                    .toList(),
                            offsets));
        }
        return found;
    }

    private Map<String, List<String>> topics(List<Sink> sinks) {
        boolean byPattern = sinks.stream().anyMatch(sink -> sink.topics() instanceof TopicSelection.Matching);
        Set<String> all = byPattern ? log.topics() : Set.of();
        Map<String, List<String>> topics = new HashMap<>();
        for (Sink sink : sinks) {
            topics.put(
                    sink.name(),
                    switch (sink.topics()) {
                        case TopicSelection.Named named -> named.topics();
                        case TopicSelection.Matching matching -> matching.among(all);
                    });
        }
        return topics;
    }

    /** All partitions of the topics. */
    static List<TopicPartition> partitions(Collection<String> topics, Map<String, Integer> counts) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            for (int partition = 0; partition < counts.getOrDefault(topic, 0); partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        }
        return partitions;
    }

    private static long lag(
            List<TopicPartition> partitions,
            Map<TopicPartition, OffsetRange> ranges,
            Map<TopicPartition, Long> committed) {
        long lag = 0;
        for (TopicPartition partition : partitions) {
            OffsetRange range = ranges.get(partition);
            if (range != null) {
                long from = committed.getOrDefault(partition, range.begin());
                lag += Math.max(0, range.end() - Math.max(from, range.begin()));
            }
        }
        return lag;
    }
}
