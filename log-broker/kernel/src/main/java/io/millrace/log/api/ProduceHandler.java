package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Produce. The batches are checked and appended on the shard that owns the partition; acks=1 is answered then, acks=all
 * once they are committed. An error of acks=0 ends the connection, so that the client looks up the leader again.
 */
final class ProduceHandler implements RequestHandler<ProduceRequestData> {

    private static final Api API = new Api(ApiKeys.PRODUCE, 3, 13);
    private static final int TOPIC_IDS_SINCE = 13;
    private static final short ACKS_ALL = -1;
    private static final short ACKS_LEADER = 1;
    private static final short ACKS_NONE = 0;

    /** What is to be appended to one partition. */
    private record Write(
            int index, PartitionId partition, @Nullable ByteBuffer records, short acks) {}

    private final LocalShard shard;

    ProduceHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ProduceRequestData request, RequestContext context) {
        List<Promise<TopicProduceResponse>> topics = new ArrayList<>();
        for (TopicProduceData topic : request.topicData()) {
            topics.add(topic(request, topic, context));
        }
        if (request.acks() == ACKS_NONE) {
            context.withoutAnswer();
        }
        return Promise.all(topics).map(answers -> response(request, answers, context));
    }

    private Promise<TopicProduceResponse> topic(
            ProduceRequestData request, TopicProduceData topic, RequestContext context) {
        boolean byId = context.version() >= TOPIC_IDS_SINCE;
        TopicImage image =
                byId ? shard.image().topic(topic.topicId()) : shard.image().topic(topic.name());
        Errors error = refusal(request, image, byId);
        List<PartitionProduceData> parts = topic.partitionData();
        Promise<List<PartitionProduceResponse>> answers;
        if (image == null || error != Errors.NONE) {
            answers = Promise.of(parts.stream()
                    .map(part -> failed(part.index(), error, null))
                    .toList());
        } else {
            List<Write> writes = parts.stream()
                    .map(part -> write(image, part, request.acks()))
                    .toList();
            answers = Scatter.each(shard, writes, Write::partition, ProduceHandler::append);
        }
        Uuid id = topic.topicId();
        String name = topic.name();
        return answers.map(done ->
                new TopicProduceResponse().setName(name).setTopicId(id).setPartitionResponses(new ArrayList<>(done)));
    }

    private static Errors refusal(ProduceRequestData request, @Nullable TopicImage image, boolean byId) {
        if (request.acks() != ACKS_ALL && request.acks() != ACKS_LEADER && request.acks() != ACKS_NONE) {
            return Errors.INVALID_REQUIRED_ACKS;
        }
        if (request.transactionalId() != null) {
            return Errors.INVALID_TXN_STATE;
        }
        if (image == null) {
            return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return Errors.NONE;
    }

    private static Write write(TopicImage topic, PartitionProduceData part, short acks) {
        BaseRecords records = part.records();
        ByteBuffer bytes = records instanceof MemoryRecords inMemory ? inMemory.buffer() : null;
        return new Write(part.index(), new PartitionId(topic.id(), part.index()), bytes, acks);
    }

    private static Promise<PartitionProduceResponse> append(LocalShard owner, Write write) {
        PartitionLeader leader = owner.replicas().find(write.partition());
        if (leader == null) {
            return Promise.of(failed(write.index(), Partitions.missing(owner, write.partition()), null));
        }
        if (write.records() == null) {
            return Promise.of(failed(write.index(), Errors.INVALID_RECORD, "no records were sent"));
        }
        boolean all = write.acks() == ACKS_ALL;
        return switch (leader.append(write.records(), all, owner.timers().now())) {
            case AppendOutcome.Rejected rejected ->
                Promise.of(failed(write.index(), rejected.error(), rejected.message()));
            case AppendOutcome.Appended done ->
                acknowledged(
                        leader, all, done.lastOffset(), stored(write, done.baseOffset(), done.logAppendTime(), leader));
            case AppendOutcome.Duplicate done ->
                acknowledged(
                        leader, all, done.lastOffset(), stored(write, done.baseOffset(), done.logAppendTime(), leader));
        };
    }

    private static Promise<PartitionProduceResponse> acknowledged(
            PartitionLeader leader, boolean whenCommitted, long lastOffset, PartitionProduceResponse stored) {
        if (!whenCommitted) {
            return Promise.of(stored);
        }
        return leader.committed(lastOffset)
                .map(error -> error == Errors.NONE ? stored : failed(stored.index(), error, null));
    }

    private static PartitionProduceResponse stored(
            Write write, long baseOffset, long logAppendTime, PartitionLeader leader) {
        return new PartitionProduceResponse()
                .setIndex(write.index())
                .setBaseOffset(baseOffset)
                .setLogAppendTimeMs(logAppendTime)
                .setLogStartOffset(leader.logStartOffset());
    }

    private static PartitionProduceResponse failed(int index, Errors error, @Nullable String message) {
        return new PartitionProduceResponse()
                .setIndex(index)
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setBaseOffset(-1)
                .setLogAppendTimeMs(-1)
                .setLogStartOffset(-1);
    }

    private static ProduceResponseData response(
            ProduceRequestData request, List<TopicProduceResponse> topics, RequestContext context) {
        if (request.acks() == ACKS_NONE && topics.stream().anyMatch(ProduceHandler::anyFailed)) {
            context.closeConnection("a write with acks=0 failed");
        }
        TopicProduceResponseCollection responses = new TopicProduceResponseCollection();
        responses.addAll(topics);
        return new ProduceResponseData().setResponses(responses);
    }

    private static boolean anyFailed(TopicProduceResponse topic) {
        return topic.partitionResponses().stream().anyMatch(part -> part.errorCode() != Errors.NONE.code());
    }
}
