package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Fetch. Every fetch is a full one: no fetch session (KIP-227) is ever offered, and a request that continues one is
 * told that there is none, upon which clients send a full fetch.
 */
final class FetchHandler implements RequestHandler<FetchRequestData> {

    private static final Api API = new Api(ApiKeys.FETCH, 4, 18);
    private static final int TOPIC_IDS_SINCE = 13;
    /** Kafka's {@code fetch.max.bytes} of a broker. */
    private static final int BYTES_MAX = 55 << 20;

    private static final int WAIT_MS_MAX = 5 * 60 * 1000;

    /** A topic of the request, with what the metadata knew of it when the request came. */
    private record Wanted(FetchTopic topic, @Nullable TopicImage image) {}

    private final LocalShard shard;

    FetchHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(FetchRequestData request, RequestContext context) {
        if (request.sessionEpoch() > 0) {
            return Promise.of(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
        }
        boolean byId = context.version() >= TOPIC_IDS_SINCE;
        List<Wanted> wanted = request.topics().stream()
                .map(topic -> new Wanted(topic, find(topic, byId)))
                .toList();
        boolean someUnknown = wanted.stream().anyMatch(topic -> topic.image() == null);
        long waitMs = someUnknown ? 0 : Math.min(request.maxWaitMs(), WAIT_MS_MAX);
        LongPoll.Limits limits = new LongPoll.Limits(
                request.minBytes(),
                Math.min(request.maxBytes(), BYTES_MAX),
                shard.timers().now() + waitMs);
        Errors unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return new LongPoll(shard, reads(wanted), limits)
                .start(context.abandoned())
                .map(results -> response(wanted, unknown, results.iterator()));
    }

    private @Nullable TopicImage find(FetchTopic topic, boolean byId) {
        return byId ? shard.image().topic(topic.topicId()) : shard.image().topic(topic.topic());
    }

    private static List<FetchRead> reads(List<Wanted> wanted) {
        List<FetchRead> reads = new ArrayList<>();
        for (Wanted topic : wanted) {
            TopicImage image = topic.image();
            if (image != null) {
                for (FetchPartition partition : topic.topic().partitions()) {
                    reads.add(new FetchRead(new PartitionId(image.id(), partition.partition()), partition));
                }
            }
        }
        return reads;
    }

    private static FetchResponseData response(List<Wanted> wanted, Errors unknown, Iterator<PartitionData> results) {
        List<FetchableTopicResponse> responses = new ArrayList<>();
        for (Wanted topic : wanted) {
            List<PartitionData> partitions = new ArrayList<>();
            for (FetchPartition partition : topic.topic().partitions()) {
                partitions.add(
                        topic.image() == null ? FetchRead.failed(partition.partition(), unknown) : results.next());
            }
            responses.add(new FetchableTopicResponse()
                    .setTopic(topic.topic().topic())
                    .setTopicId(topic.topic().topicId())
                    .setPartitions(partitions));
        }
        return new FetchResponseData().setResponses(responses);
    }
}
