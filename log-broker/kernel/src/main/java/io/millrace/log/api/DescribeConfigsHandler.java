package io.millrace.log.api;

import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** DescribeConfigs: the configs of topics, and those of this broker that clients ask for, in Kafka's names. */
final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_CONFIGS, 1, 4);

    private final LocalShard shard;

    DescribeConfigsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeConfigsRequestData request, RequestContext context) {
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (DescribeConfigsResource resource : request.resources()) {
            results.add(describe(request, resource)
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName()));
        }
        return Promise.of(new DescribeConfigsResponseData().setResults(results));
    }

    private DescribeConfigsResult describe(DescribeConfigsRequestData request, DescribeConfigsResource resource) {
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topic(request, resource);
            case BROKER -> broker(resource);
            default -> failed(Errors.INVALID_REQUEST, "Configs are kept for topics and brokers only.");
        };
    }

    private DescribeConfigsResult topic(DescribeConfigsRequestData request, DescribeConfigsResource resource) {
        TopicImage topic = shard.image().topic(resource.resourceName());
        if (topic == null) {
            return failed(Errors.UNKNOWN_TOPIC_OR_PARTITION, "Topic " + resource.resourceName() + " does not exist.");
        }
        TopicConfigs configs = TopicConfigs.of(topic.configs(), shard.config());
        DescribeConfigsResult result = new DescribeConfigsResult();
        for (ConfigKey key : TopicConfigs.keys()) {
            if (wanted(resource, key.name)) {
                DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult()
                        .setName(key.name)
                        .setValue(configs.shown(key))
                        .setConfigSource(ConfigSources.of(topic, key.name))
                        .setConfigType(type(key.type));
                if (request.includeDocumentation()) {
                    entry.setDocumentation(key.documentation);
                }
                if (request.includeSynonyms()) {
                    entry.setSynonyms(synonyms(topic, key, configs));
                }
                result.configs().add(entry);
            }
        }
        return result;
    }

    private List<DescribeConfigsSynonym> synonyms(TopicImage topic, ConfigKey key, TopicConfigs configs) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        if (topic.configs().containsKey(key.name)) {
            synonyms.add(synonym(key.name, configs.shown(key), ConfigSource.TOPIC_CONFIG));
        }
        String defaultValue = TopicConfigs.of(Map.of(), shard.config()).shown(key);
        synonyms.add(synonym(key.name, defaultValue, ConfigSource.DEFAULT_CONFIG));
        return synonyms;
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    private DescribeConfigsResult broker(DescribeConfigsResource resource) {
        BrokerConfig config = shard.config();
        String name = resource.resourceName();
        if (!name.isEmpty() && !name.equals(Integer.toString(config.brokerId()))) {
            return failed(Errors.INVALID_REQUEST, "This is broker " + config.brokerId() + ", not " + name + ".");
        }
        Map<String, String> configs = new TreeMap<>();
        configs.put(
                "auto.create.topics.enable", Boolean.toString(config.topics().autoCreate()));
        configs.put("broker.id", Integer.toString(config.brokerId()));
        configs.put("default.replication.factor", "1");
        configs.put(TopicConfigs.LOG_FLUSH, config.topics().logFlush().configValue());
        configs.put("num.partitions", Integer.toString(config.topics().partitions()));
        DescribeConfigsResult result = new DescribeConfigsResult();
        configs.forEach((key, value) -> {
            if (wanted(resource, key)) {
                result.configs()
                        .add(new DescribeConfigsResourceResult()
                                .setName(key)
                                .setValue(value)
                                .setReadOnly(true)
                                .setConfigSource(ConfigSource.STATIC_BROKER_CONFIG.id())
                                .setConfigType(ConfigType.STRING.id()));
            }
        });
        return result;
    }

    private static boolean wanted(DescribeConfigsResource resource, String key) {
        List<String> keys = resource.configurationKeys();
        return keys == null || keys.isEmpty() || keys.contains(key);
    }

    private static byte type(ConfigDef.Type type) {
        return switch (type) {
            case INT -> ConfigType.INT.id();
            case LONG -> ConfigType.LONG.id();
            case LIST -> ConfigType.LIST.id();
            default -> ConfigType.STRING.id();
        };
    }

    private static DescribeConfigsResult failed(Errors error, String message) {
        return new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(message);
    }
}
