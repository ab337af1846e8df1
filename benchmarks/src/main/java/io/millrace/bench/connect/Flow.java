package io.millrace.bench.connect;

import io.millrace.bench.plugin.NoopSink;
import io.millrace.bench.plugin.NoopSource;
import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records from the source that does nothing into a topic of one partition, and then from there to the sink that does
 * nothing: one task each, a quarter as many records before to get warm.
 *
 * @param transforms whether three transforms are on the way, each time
 * @param records how many pass while it is measured, in a full run
 */
record Flow(String name, Content content, boolean transforms, long records, List<Mark> marks) implements Load {

    private static final int WARM_PART = 4;

    @Override
    public String what() {
        return "%s, %,d records from source to topic, then from topic to sink, %s transforms, page cache, one partition"
                .formatted(content.title(), records, transforms ? "three" : "no");
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException, InterruptedException {
        long warm = stand.scaled(records / WARM_PART);
        long all = warm + stand.scaled(records);
        try (Topics topics = new Topics(stand.processes().kafkaPort())) {
            topics.create(name, 1, stand.broker().topicConfigs(Durability.PAGE_CACHE));
            new Leg(stand, name + "-source", source(), arrived -> topics.awaitEndOffset(name, 1, arrived))
                    .run(warm, all, new Leg.Target(out, Measure.SOURCE, Measure.SOURCE_CPU));
            // What the sink has counted has arrived.
            new Leg(stand, name + "-sink", sink(), _ -> {})
                    .run(warm, all, new Leg.Target(out, Measure.SINK, Measure.SINK_CPU));
            topics.delete(name);
        }
    }

    private Map<String, String> source() {
        Map<String, String> config = with(content.sourceTransforms());
        config.put("connector.class", NoopSource.class.getName());
        config.put("topic", name);
        config.put("form", content.form().name());
        return config;
    }

    private Map<String, String> sink() {
        Map<String, String> config = with(content.sinkTransforms());
        config.put("connector.class", NoopSink.class.getName());
        config.put("topics", name);
        return config;
    }

    private Map<String, String> with(Map<String, String> wanted) {
        Map<String, String> config = new HashMap<>(content.converters());
        config.putAll(transforms ? wanted : Map.of());
        return config;
    }
}
