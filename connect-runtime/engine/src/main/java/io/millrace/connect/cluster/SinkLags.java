package io.millrace.connect.cluster;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
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
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each sink is behind its topics. The log is asked for all sinks at once, when somebody wants to know and the
 * last answer is older than {@value #AGE_MAX_MS} ms: what it costs grows neither with how many look nor how often.
 *
 * <p><b>Threads.</b> Any; those that come while the log is being asked wait for its answer.
 */
final class SinkLags {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLags.class);
    private static final long AGE_MAX_MS = 1_000;

    private final ConnectorService connectors;
    private final LogClient log;
    private final LongSupplier clockNanos;
    private Map<String, Long> lags = Map.of();
    private long readNanos;
    private boolean read;

    /** A sink with what it reads. */
    private record Sink(String name, String group, TopicSelection topics) {}

    SinkLags(ConnectorService connectors, LogClient log, LongSupplier clockNanos) {
        this.connectors = connectors;
        this.log = log;
        this.clockNanos = clockNanos;
    }

    /** How many records; null while that is not known. */
    synchronized @Nullable Long of(String sink) {
        long nowNanos = clockNanos.getAsLong();
        if (!read || nowNanos - readNanos > TimeUnit.MILLISECONDS.toNanos(AGE_MAX_MS)) {
            lags = readAll();
            read = true;
            readNanos = clockNanos.getAsLong();
        }
        return lags.get(sink);
    }

    private Map<String, Long> readAll() {
        try {
            return readAll(sinks());
        } catch (LogFailure e) {
            LOG.atWarn().setCause(e).log("the log did not tell the lags of sinks");
            return Map.of();
        }
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

    private Map<String, Long> readAll(List<Sink> sinks) {
        Map<String, List<String>> topics = topics(sinks);
        Set<String> wanted = new HashSet<>();
        topics.values().forEach(wanted::addAll);
        Map<String, Integer> counts = wanted.isEmpty() ? Map.of() : log.partitionCounts(wanted);
        Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(partitions(wanted, counts));
        Map<String, Map<TopicPartition, Long>> committed =
                log.groupOffsets(sinks.stream().map(Sink::group).toList());
        Map<String, Long> found = new HashMap<>();
        for (Sink sink : sinks) {
            List<TopicPartition> partitions = partitions(topics.getOrDefault(sink.name(), List.of()), counts);
            found.put(sink.name(), lag(partitions, ranges, committed.getOrDefault(sink.group(), Map.of())));
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
