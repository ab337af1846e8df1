package io.millrace.log.api;

import io.millrace.log.metadata.TopicCreation;
import io.millrace.log.metadata.TopicCreation.Created;
import io.millrace.log.metadata.TopicCreation.Defaults;
import io.millrace.log.metadata.TopicCreation.NewTopic;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Ids;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** CreateTopics: the controller decides; the answer leaves when the topics are there. */
final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData> {

    private static final Api API = new Api(ApiKeys.CREATE_TOPICS, 2, 7);
    private static final int QUOTA_STRICT_SINCE = 6;

    private final LocalShard shard;

    CreateTopicsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(CreateTopicsRequestData request, RequestContext context) {
        Set<String> twice = named(request, true);
        List<NewTopic> topics = new ArrayList<>();
        for (String name : named(request, false)) {
            if (!twice.contains(name)) {
                topics.add(newTopic(request.topics().find(name)));
            }
        }
        Defaults defaults = Defaults.of(shard.settings());
        boolean validateOnly = request.validateOnly();
        return Throttling.decide(
                        shard,
                        context,
                        context.version() >= QUOTA_STRICT_SINCE,
                        (image, budget) -> TopicCreation.decide(image, topics, defaults, validateOnly, budget),
                        reason -> refused(topics, reason))
                .map(results -> response(results, twice));
    }

    /** Names in the request: all of them, or those that occur more than once. */
    private static Set<String> named(CreateTopicsRequestData request, boolean onlyTwice) {
        Set<String> names = new TreeSet<>();
        Set<String> again = new TreeSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (!names.add(topic.name())) {
                again.add(topic.name());
            }
        }
        return onlyTwice ? again : names;
    }

    private NewTopic newTopic(CreatableTopic topic) {
        Map<Integer, List<Integer>> assignments = new TreeMap<>();
        // A partition that is assigned twice has no brokers, which is refused.
        topic.assignments()
                .forEach(given -> assignments.merge(
                        given.partitionIndex(), List.copyOf(given.brokerIds()), (one, other) -> List.of()));
        Map<String, @Nullable String> configs = new TreeMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        return new NewTopic(
                Ids.random(shard.random()),
                topic.name(),
                topic.numPartitions(),
                topic.replicationFactor(),
                assignments,
                configs);
    }

    private static List<Created> refused(List<NewTopic> topics, String reason) {
        return topics.stream()
                .map(topic -> new Created(topic.name(), null, Errors.REQUEST_TIMED_OUT, reason))
                .toList();
    }

    private CreateTopicsResponseData response(List<Created> results, Set<String> twice) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        for (Created result : results) {
            response.topics().add(result(result));
        }
        for (String name : twice) {
            response.topics()
                    .add(result(new Created(name, null, Errors.INVALID_REQUEST, "The topic is named more than once.")));
        }
        return response;
    }

    private CreatableTopicResult result(Created created) {
        CreatableTopicResult result = new CreatableTopicResult()
                .setName(created.name())
                .setErrorCode(created.error().code())
                .setErrorMessage(created.message());
        TopicImage topic = created.topic();
        if (topic != null) {
            result.setTopicId(topic.id())
                    .setNumPartitions(topic.partitions().size())
                    .setReplicationFactor(
                            (short) topic.partitions().getFirst().replicas().size())
                    .setConfigs(configs(topic));
        }
        return result;
    }

    private List<CreatableTopicConfigs> configs(TopicImage topic) {
        List<CreatableTopicConfigs> shown = new ArrayList<>();
        for (ConfigEntries.Entry entry : ConfigEntries.ofTopic(topic, shard.settings())) {
            shown.add(new CreatableTopicConfigs()
                    .setName(entry.key().name)
                    .setValue(entry.value())
                    .setConfigSource(entry.source().id()));
        }
        return shown;
    }
}
