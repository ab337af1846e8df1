package io.millrace.log.api;

import io.millrace.log.metadata.PartitionCreation;
import io.millrace.log.metadata.PartitionCreation.Grown;
import io.millrace.log.metadata.PartitionCreation.Growth;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** CreatePartitions (KIP-195). */
final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequestData> {

    private static final Api API = new Api(ApiKeys.CREATE_PARTITIONS, 0, 3);
    private static final int QUOTA_STRICT_SINCE = 3;

    private final LocalShard shard;

    CreatePartitionsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(CreatePartitionsRequestData request, RequestContext context) {
        List<Growth> growths = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            growths.add(growth(topic));
        }
        boolean validateOnly = request.validateOnly();
        return Throttling.decide(
                        shard,
                        context,
                        context.version() >= QUOTA_STRICT_SINCE,
                        (image, budget) -> PartitionCreation.decide(image, growths, validateOnly, budget),
                        reason -> growths.stream()
                                .map(growth -> new Grown(growth.topic(), Errors.REQUEST_TIMED_OUT, reason))
                                .toList())
                .map(CreatePartitionsHandler::response);
    }

    private static Growth growth(CreatePartitionsTopic topic) {
        List<List<Integer>> assignments = topic.assignments() == null
                ? null
                : topic.assignments().stream()
                        .map(assignment -> List.copyOf(assignment.brokerIds()))
                        .toList();
        return new Growth(topic.name(), topic.count(), assignments);
    }

    private static CreatePartitionsResponseData response(List<Grown> results) {
        return new CreatePartitionsResponseData()
                .setResults(results.stream()
                        .map(grown -> new CreatePartitionsTopicResult()
                                .setName(grown.topic())
                                .setErrorCode(grown.error().code())
                                .setErrorMessage(grown.message()))
                        .toList());
    }
}
