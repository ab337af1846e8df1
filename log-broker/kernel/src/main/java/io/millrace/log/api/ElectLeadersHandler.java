package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** ElectLeaders (KIP-183, KIP-460). A partition has one replica, which leads it: no election is ever needed. */
final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequestData> {

    private static final Api API = new Api(ApiKeys.ELECT_LEADERS, 0, 2);

    private final LocalShard shard;

    ElectLeadersHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ElectLeadersRequestData request, RequestContext context) {
        boolean known = request.electionType() == ElectionType.PREFERRED.value
                || request.electionType() == ElectionType.UNCLEAN.value
                || context.version() == 0;
        ElectLeadersResponseData response =
                new ElectLeadersResponseData().setErrorCode(known ? Errors.NONE.code() : Errors.INVALID_REQUEST.code());
        if (request.topicPartitions() == null) {
            // Of all partitions only those are told that were elected anew.
            shard.image()
                    .topics()
                    .forEach(topic ->
                            response.replicaElectionResults().add(new ReplicaElectionResult().setTopic(topic.name())));
            return Promise.of(response);
        }
        for (TopicPartitions wanted : request.topicPartitions()) {
            ReplicaElectionResult result = new ReplicaElectionResult().setTopic(wanted.topic());
            wanted.partitions().forEach(index -> result.partitionResult().add(result(wanted.topic(), index, known)));
            response.replicaElectionResults().add(result);
        }
        return Promise.of(response);
    }

    private PartitionResult result(String name, int index, boolean known) {
        PartitionResult result = new PartitionResult().setPartitionId(index);
        TopicImage topic = shard.image().topic(name);
        if (!known) {
            return result.setErrorCode(Errors.INVALID_REQUEST.code()).setErrorMessage("Unknown type of election.");
        }
        return topic == null || topic.partition(index) == null
                ? result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                        .setErrorMessage("There is no partition " + name + "-" + index + ".")
                : result.setErrorCode(Errors.ELECTION_NOT_NEEDED.code())
                        .setErrorMessage(Errors.ELECTION_NOT_NEEDED.message());
    }
}
