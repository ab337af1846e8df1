package io.millrace.log.metadata;

import java.util.Comparator;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What configs can be kept for beside topics, whose configs are part of the topic.
 *
 * @param name of the resource; for a broker its id, or empty for all brokers
 */
public record ConfiguredResource(ConfigResource.Type type, String name) implements Comparable<ConfiguredResource> {

    private static final Comparator<ConfiguredResource> ORDER =
            Comparator.comparing(ConfiguredResource::type).thenComparing(ConfiguredResource::name);

    @Override
    public int compareTo(ConfiguredResource other) {
        return ORDER.compare(this, other);
    }
}
