package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/** Where a config's value comes from, in the words of DescribeConfigs (KIP-226). */
final class ConfigSources {

    private ConfigSources() {}

    static byte of(TopicImage topic, String key) {
        return (topic.configs().containsKey(key) ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG).id();
    }
}
