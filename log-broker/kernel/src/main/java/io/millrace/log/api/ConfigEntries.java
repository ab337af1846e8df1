package io.millrace.log.api;

import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.BrokerSettings.Sourced;
import io.millrace.log.metadata.ClientMetricsConfigs;
import io.millrace.log.metadata.ConfigTable;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.GroupOverrides;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** The configs of resources with everything that can be said of them, in the words of DescribeConfigs (KIP-226). */
final class ConfigEntries {

    /**
     * One config.
     *
     * @param sources where its value comes from, what is in force first; a source that is not named is the default
     */
    record Entry(ConfigKey key, @Nullable String value, boolean readOnly, List<Sourced> sources) {

        ConfigSource source() {
            return sources.isEmpty()
                    ? ConfigSource.DEFAULT_CONFIG
                    : sources.getFirst().source();
        }
    }

    private ConfigEntries() {}

    static List<Entry> ofTopic(TopicImage topic, BrokerSettings broker) {
        TopicConfigs configs = TopicConfigs.of(topic.configs(), broker);
        List<Entry> entries = new ArrayList<>();
        for (ConfigKey key : TopicConfigs.table().keys()) {
            List<Sourced> sources = own(key, topic.configs(), ConfigSource.TOPIC_CONFIG);
            String brokerConfig = TopicConfigs.brokerConfig(key.name);
            if (brokerConfig != null) {
                sources.addAll(broker.sources(brokerConfig));
            }
            entries.add(new Entry(key, configs.shown(key), false, sources));
        }
        return entries;
    }

    /** The configs of a broker: those that it honours, and how it was started. */
    static List<Entry> ofBroker(BrokerConfig broker, BrokerSettings settings, GroupConfig groups) {
        Map<String, Entry> entries = new TreeMap<>();
        ConfigTable table = BrokerSettings.table();
        for (ConfigKey key : table.keys()) {
            boolean readOnly = !table.isDynamic(key.name);
            entries.put(key.name, new Entry(key, settings.shown(key.name), readOnly, settings.sources(key.name)));
        }
        for (ConfigKey key : GroupConfig.keys()) {
            entries.put(key.name, new Entry(key, groups.shown(key), true, groups.sources(key.name)));
        }
        for (ConfigKey key : broker.identityKeys()) {
            String value = broker.identity(key.name);
            List<Sourced> sources = List.of(new Sourced(key.name, value, ConfigSource.STATIC_BROKER_CONFIG));
            entries.put(key.name, new Entry(key, value, true, sources));
        }
        return List.copyOf(entries.values());
    }

    /** The configs of a consumer group, whether there is one or not. */
    static List<Entry> ofGroup(Map<String, String> set, GroupConfig broker) {
        List<Entry> entries = new ArrayList<>();
        for (ConfigKey key : GroupOverrides.table().keys()) {
            List<Sourced> sources = own(key, set, ConfigSource.GROUP_CONFIG);
            sources.addAll(broker.sources(GroupOverrides.brokerConfig(key.name)));
            String value = Integer.toString(GroupOverrides.value(key.name, set, broker.consumers()));
            entries.add(new Entry(key, value, false, sources));
        }
        return entries;
    }

    /** The configs of a subscription to metrics of clients, whether there is one or not. */
    static List<Entry> ofClientMetrics(Map<String, String> set) {
        List<Entry> entries = new ArrayList<>();
        for (ConfigKey key : ClientMetricsConfigs.table().keys()) {
            String value = set.getOrDefault(key.name, ConfigDef.convertToString(key.defaultValue, key.type));
            entries.add(new Entry(key, value, false, own(key, set, ConfigSource.CLIENT_METRICS_CONFIG)));
        }
        return entries;
    }

    private static List<Sourced> own(ConfigKey key, Map<String, String> set, ConfigSource source) {
        List<Sourced> sources = new ArrayList<>();
        if (set.containsKey(key.name)) {
            sources.add(new Sourced(key.name, set.get(key.name), source));
        }
        return sources;
    }

    /** What was altered for all brokers, and nothing else. */
    static List<Entry> ofAllBrokers(Map<String, String> altered) {
        List<Entry> entries = new ArrayList<>();
        altered.forEach((name, value) -> {
            ConfigKey key = BrokerSettings.table().key(name);
            if (key != null) {
                Sourced source = new Sourced(name, value, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
                entries.add(new Entry(key, value, false, List.of(source)));
            }
        });
        return entries;
    }
}
