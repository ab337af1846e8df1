package io.millrace.log.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a client wants to fetch, and what it was told last, so that the next request and answer carry only what is new
 * (KIP-227). A session with id {@link #NONE} lives for one request, and answers everything.
 *
 * <p>A partition that had records goes to the end, so that under a small {@code max.bytes} every one gets its turn.
 */
final class FetchSession {

    static final int NONE = 0;

    private static final long UNKNOWN = -1;

    private record Key(String topic, Uuid topicId, int partition) {}

    /** What was told of a partition. */
    private static final class Held {
        private FetchPartition wanted;
        private long highWatermark = UNKNOWN;
        private long logStartOffset = UNKNOWN;

        Held(FetchPartition wanted) {
            this.wanted = wanted;
        }
    }

    private final int id;
    private final Map<Key, Held> partitions;
    private int epoch;

    FetchSession(int id) {
        this(id, new LinkedHashMap<>());
    }

    private FetchSession(int id, Map<Key, Held> partitions) {
        this.id = id;
        this.partitions = partitions;
    }

    /** The same for this one request. */
    FetchSession withoutId() {
        return new FetchSession(NONE, partitions);
    }

    int id() {
        return id;
    }

    /** Number of partitions. */
    int size() {
        return partitions.size();
    }

    /** Whether a request with this epoch is the next one; if so, the one after it is awaited from now on. */
    boolean advanceTo(int requestEpoch) {
        int next = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        if (requestEpoch != next) {
            return false;
        }
        epoch = next;
        return true;
    }

    /** Takes over the partitions that a request adds, changes and forgets. */
    void update(FetchRequestData request) {
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                Key key = new Key(topic.topic(), topic.topicId(), partition.partition());
                partitions.computeIfAbsent(key, ignored -> new Held(partition)).wanted = partition;
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions().forEach(index -> partitions.remove(new Key(topic.topic(), topic.topicId(), index)));
        }
    }

    List<FetchTarget> targets() {
        List<FetchTarget> targets = new ArrayList<>(partitions.size());
        partitions.forEach((key, held) -> targets.add(new FetchTarget(key.topic(), key.topicId(), held.wanted)));
        return targets;
    }

    /** The answer, with those of {@code results} that tell something new; they are in the order of {@code targets}. */
    FetchResponseData response(List<FetchTarget> targets, List<PartitionData> results) {
        Map<Key, FetchableTopicResponse> topics = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            FetchTarget target = targets.get(i);
            PartitionData result = results.get(i);
            if (isNews(target, result)) {
                topics.computeIfAbsent(new Key(target.topic(), target.topicId(), 0), FetchSession::topic)
                        .partitions()
                        .add(result);
            }
        }
        return new FetchResponseData().setSessionId(id).setResponses(new ArrayList<>(topics.values()));
    }

    /** An answer without records for a client that is to hold still; what was told of partitions stays as it was. */
    FetchResponseData throttled() {
        return new FetchResponseData().setSessionId(id);
    }

    private static FetchableTopicResponse topic(Key key) {
        return new FetchableTopicResponse().setTopic(key.topic()).setTopicId(key.topicId());
    }

    private boolean isNews(FetchTarget target, PartitionData result) {
        Key key = new Key(target.topic(), target.topicId(), target.wanted().partition());
        Held held = partitions.get(key);
        boolean hasRecords = result.records().sizeInBytes() > 0;
        boolean failed = result.errorCode() != Errors.NONE.code();
        if (held == null) {
            return true;
        }
        boolean moved = held.highWatermark != result.highWatermark() || held.logStartOffset != result.logStartOffset();
        held.highWatermark = failed ? UNKNOWN : result.highWatermark();
        held.logStartOffset = failed ? UNKNOWN : result.logStartOffset();
        if (hasRecords) {
            partitions.remove(key);
            partitions.put(key, held);
        }
        return hasRecords || failed || moved || result.divergingEpoch().epoch() >= 0;
    }
}
