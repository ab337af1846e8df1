package io.millrace.log.api;

import io.millrace.log.api.ConfigEntries.Entry;
import io.millrace.log.metadata.BrokerConfig;
import io.millrace.log.metadata.BrokerSettings.Sourced;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * DescribeConfigs (KIP-133, KIP-226, KIP-569): the configs of topics, brokers, groups and
 * subscriptions to metrics of clients, in Kafka's names, and the levels of loggers.
 */
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
            case BROKER -> broker(request, resource);
            case GROUP -> named(request, resource, set -> ConfigEntries.ofGroup(set, shard.groupConfig()));
            case BROKER_LOGGER -> loggers(resource);
            case CLIENT_METRICS -> named(request, resource, ConfigEntries::ofClientMetrics);
            default -> failed(Errors.INVALID_REQUEST, "Unsupported resource type: " + resource.resourceType());
        };
    }

    private DescribeConfigsResult topic(DescribeConfigsRequestData request, DescribeConfigsResource resource) {
        try {
            Topic.validate(resource.resourceName());
        } catch (InvalidTopicException e) {
            return failed(Errors.INVALID_TOPIC_EXCEPTION, String.valueOf(e.getMessage()));
        }
        TopicImage topic = shard.image().topic(resource.resourceName());
        return topic == null
                ? failed(Errors.UNKNOWN_TOPIC_OR_PARTITION, "Topic " + resource.resourceName() + " does not exist.")
                : result(request, resource, ConfigEntries.ofTopic(topic, shard.settings()));
    }

    private DescribeConfigsResult broker(DescribeConfigsRequestData request, DescribeConfigsResource resource) {
        String name = resource.resourceName();
        if (name.isEmpty()) {
            return result(
                    request,
                    resource,
                    ConfigEntries.ofAllBrokers(shard.image().settings().configs(ConfigResource.Type.BROKER, name)));
        }
        BrokerConfig config = shard.config();
        return name.equals(Integer.toString(config.brokerId()))
                ? result(request, resource, ConfigEntries.ofBroker(config, shard.settings(), shard.groupConfig()))
                : failed(Errors.INVALID_REQUEST, "This is broker " + config.brokerId() + ", not " + name + ".");
    }

    private DescribeConfigsResult loggers(DescribeConfigsResource resource) {
        String problem = LoggerConfigs.problem(shard, resource.resourceName());
        return problem == null
                ? new DescribeConfigsResult()
                        .setConfigs(LoggerConfigs.describe(shard.loggers(), resource.configurationKeys()))
                : failed(Errors.INVALID_REQUEST, problem);
    }

    private DescribeConfigsResult named(
            DescribeConfigsRequestData request,
            DescribeConfigsResource resource,
            Function<Map<String, String>, List<Entry>> entries) {
        String name = resource.resourceName();
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        return name.isEmpty()
                ? failed(Errors.INVALID_REQUEST, "A resource of type " + type + " must have a name.")
                : result(
                        request,
                        resource,
                        entries.apply(shard.image().settings().configs(type, name)));
    }

    private static DescribeConfigsResult result(
            DescribeConfigsRequestData request, DescribeConfigsResource resource, List<Entry> entries) {
        List<String> wanted = resource.configurationKeys();
        DescribeConfigsResult result = new DescribeConfigsResult();
        for (Entry entry : entries) {
            if (wanted == null || wanted.isEmpty() || wanted.contains(entry.key().name)) {
                result.configs().add(described(request, entry));
            }
        }
        return result;
    }

    private static DescribeConfigsResourceResult described(DescribeConfigsRequestData request, Entry entry) {
        boolean sensitive = entry.key().type == ConfigDef.Type.PASSWORD;
        DescribeConfigsResourceResult described = new DescribeConfigsResourceResult()
                .setName(entry.key().name)
                .setValue(sensitive ? null : entry.value())
                .setReadOnly(entry.readOnly())
                .setConfigSource(entry.source().id())
                .setIsSensitive(sensitive)
                .setConfigType(type(entry.key().type));
        if (request.includeDocumentation()) {
            described.setDocumentation(entry.key().documentation);
        }
        if (request.includeSynonyms()) {
            for (Sourced source : entry.sources()) {
                described
                        .synonyms()
                        .add(new DescribeConfigsSynonym()
                                .setName(source.name())
                                .setValue(sensitive ? null : source.value())
                                .setSource(source.source().id()));
            }
        }
        return described;
    }

    private static byte type(ConfigDef.Type type) {
        return ConfigType.valueOf(type.name()).id();
    }

    private static DescribeConfigsResult failed(Errors error, String message) {
        return new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(message);
    }
}
