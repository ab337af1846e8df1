package io.millrace.log.metadata;

import io.millrace.log.metadata.ConfigAlteration.Altered;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The configs of one resource, and what may become of them: one class for each type of resource. */
abstract sealed class ResourceConfigs {

    private final ConfiguredResource resource;
    private final Map<String, String> configs;

    private ResourceConfigs(ConfiguredResource resource, Map<String, String> configs) {
        this.resource = resource;
        this.configs = configs;
    }

    /** @param groups what the broker says of groups, and what a single one may have instead */
    static ResourceConfigs of(ClusterImage image, ConfiguredResource resource, GroupConfig groups) {
        return switch (resource.type()) {
            case TOPIC -> new OfTopic(image, resource);
            case BROKER -> new OfBroker(image, resource);
            case CLIENT_METRICS -> new OfClientMetrics(image, resource);
            case GROUP -> new OfGroup(image, resource, groups.consumers());
            default -> new OfNothing(resource);
        };
    }

    final ConfigResource.Type type() {
        return resource.type();
    }

    final String name() {
        return resource.name();
    }

    /** What is set now. */
    final Map<String, String> configs() {
        return configs;
    }

    /** Why this resource has no configs at all; null if it may have. */
    abstract @Nullable Altered refusal();

    /** What is wrong with configs to be set; null if nothing is. */
    abstract @Nullable Altered refusal(Map<String, String> set);

    /** The table of keys with the types of lists that may be appended to; null if none may. */
    @Nullable
    ConfigTable lists() {
        return null;
    }

    /** The record that sets these configs and no others. */
    MetadataRecord record(Map<String, String> set) {
        return new MetadataRecord.ResourceConfigured(resource, set);
    }

    private static Map<String, String> set(ClusterImage image, ConfiguredResource resource) {
        return image.settings().configs(resource.type(), resource.name());
    }

    private static @Nullable Altered refused(Errors error, @Nullable String problem) {
        return problem == null ? null : new Altered(error, problem);
    }

    private static final class OfTopic extends ResourceConfigs {

        private final @Nullable TopicImage topic;

        OfTopic(ClusterImage image, ConfiguredResource resource) {
            TopicImage found = image.topic(resource.name());
            super(resource, found == null ? Map.of() : found.configs());
            this.topic = found;
        }

        @Override
        @Nullable
        Altered refusal() {
            try {
                Topic.validate(name());
            } catch (InvalidTopicException e) {
                return refused(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
            }
            return topic == null
                    ? refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name() + "' does not exist.")
                    : null;
        }

        @Override
        @Nullable
        Altered refusal(Map<String, String> set) {
            return refused(Errors.INVALID_CONFIG, TopicConfigs.problem(set));
        }

        @Override
        ConfigTable lists() {
            return TopicConfigs.table();
        }

        @Override
        MetadataRecord record(Map<String, String> set) {
            if (topic == null) {
                throw new IllegalStateException("topic " + name() + " does not exist");
            }
            return new MetadataRecord.TopicConfigured(topic.id(), set);
        }
    }

    private static final class OfBroker extends ResourceConfigs {

        private final ClusterImage image;

        OfBroker(ClusterImage image, ConfiguredResource resource) {
            super(resource, set(image, resource));
            this.image = image;
        }

        @Override
        @Nullable
        Altered refusal() {
            boolean known = name().isEmpty()
                    || image.brokers().stream()
                            .anyMatch(broker -> Integer.toString(broker.id()).equals(name()));
            return known
                    ? null
                    : refused(Errors.INVALID_REQUEST, "There is no broker " + name() + "; all brokers are named ''.");
        }

        @Override
        @Nullable
        Altered refusal(Map<String, String> set) {
            ConfigTable table = BrokerSettings.table();
            for (String key : set.keySet()) {
                if (table.key(key) != null && !table.isDynamic(key)) {
                    return refused(
                            Errors.INVALID_REQUEST, key + " is given at the start of a broker, and stays as it is.");
                }
            }
            return refused(Errors.INVALID_REQUEST, table.problem(set));
        }

        @Override
        ConfigTable lists() {
            return BrokerSettings.table();
        }
    }

    private static final class OfClientMetrics extends ResourceConfigs {

        OfClientMetrics(ClusterImage image, ConfiguredResource resource) {
            super(resource, set(image, resource));
        }

        @Override
        @Nullable
        Altered refusal() {
            return name().isEmpty()
                    ? refused(Errors.INVALID_REQUEST, "The name of a client metrics subscription must not be empty.")
                    : null;
        }

        @Override
        @Nullable
        Altered refusal(Map<String, String> set) {
            return ClientMetricsConfigs.refusal(set);
        }
    }

    private static final class OfGroup extends ResourceConfigs {

        private final ConsumerGroupConfig broker;

        OfGroup(ClusterImage image, ConfiguredResource resource, ConsumerGroupConfig broker) {
            super(resource, set(image, resource));
            this.broker = broker;
        }

        @Override
        @Nullable
        Altered refusal() {
            return name().isEmpty()
                    ? refused(Errors.INVALID_REQUEST, "There are no configs of all groups: name one.")
                    : null;
        }

        @Override
        @Nullable
        Altered refusal(Map<String, String> set) {
            return refused(Errors.INVALID_CONFIG, GroupOverrides.problem(set, broker));
        }
    }

    private static final class OfNothing extends ResourceConfigs {

        OfNothing(ConfiguredResource resource) {
            super(resource, Map.of());
        }

        @Override
        Altered refusal() {
            return new Altered(
                    Errors.INVALID_REQUEST, "Resources of type " + type() + " have no configs that could be changed.");
        }

        @Override
        Altered refusal(Map<String, String> set) {
            return refusal();
        }
    }
}
