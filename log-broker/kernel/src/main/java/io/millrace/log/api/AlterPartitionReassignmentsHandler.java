package io.millrace.log.api;

import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * AlterPartitionReassignments (KIP-455). Partitions do not move in this cluster: to leave one where it is succeeds, and
 * there is never a move to be cancelled.
 */
final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequestData> {

    private static final Api API = new Api(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 0, 1);

    private final LocalShard shard;

    AlterPartitionReassignmentsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(
            AlterPartitionReassignmentsRequestData request, RequestContext context) {
        AlterPartitionReassignmentsResponseData response = new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
        for (ReassignableTopic topic : request.topics()) {
            ReassignableTopicResponse answer = new ReassignableTopicResponse().setName(topic.name());
            topic.partitions().forEach(partition -> answer.partitions().add(result(topic.name(), partition)));
            response.responses().add(answer);
        }
        return Promise.of(response);
    }

    private ReassignablePartitionResponse result(String name, ReassignablePartition partition) {
        ReassignablePartitionResponse result =
                new ReassignablePartitionResponse().setPartitionIndex(partition.partitionIndex());
        TopicImage topic = shard.image().topic(name);
        PartitionState now = topic == null ? null : topic.partition(partition.partitionIndex());
        List<Integer> wanted = partition.replicas();
        if (now == null) {
            return result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .setErrorMessage("There is no partition " + name + "-" + partition.partitionIndex() + ".");
        }
        if (wanted == null) {
            return result.setErrorCode(Errors.NO_REASSIGNMENT_IN_PROGRESS.code())
                    .setErrorMessage(Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
        }
        return wanted.equals(now.replicas())
                ? result
                : result.setErrorCode(Errors.INVALID_REPLICA_ASSIGNMENT.code())
                        .setErrorMessage("Partitions stay where they are: its replicas are " + now.replicas() + ".");
    }
}
