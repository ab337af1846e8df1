package io.millrace.log.api;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * Topics of one group's OffsetFetch from version 10 on, where they are told by their ids alone.
 *
 * @param known the group with those that exist, names added; all, if it asked for all
 * @param unknown answers for the others
 */
record OffsetFetchTopics(OffsetFetchRequestGroup known, List<OffsetFetchResponseTopics> unknown) {

    static OffsetFetchTopics of(OffsetFetchRequestGroup group, ClusterImage image) {
        if (group.topics() == null) {
            return new OffsetFetchTopics(group, List.of());
        }
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        for (OffsetFetchRequestTopics each : group.topics()) {
            TopicImage topic = image.topic(each.topicId());
            if (topic == null) {
                unknown.add(unknown(each));
            } else {
                known.add(each.setName(topic.name()));
            }
        }
        return new OffsetFetchTopics(group.duplicate().setTopics(known), unknown);
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic) {
        return new OffsetFetchResponseTopics()
                .setTopicId(topic.topicId())
                .setPartitions(topic.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions()
                                .setPartitionIndex(index)
                                .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                                .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                                .setMetadata(OffsetFetchResponse.NO_METADATA))
                        .toList());
    }

    /** The coordinator's answer with ids, and with the topics that do not exist, of which no offsets are told. */
    OffsetFetchResponseGroup complete(OffsetFetchResponseGroup answer, ClusterImage image) {
        List<OffsetFetchResponseTopics> topics = new ArrayList<>();
        for (OffsetFetchResponseTopics each : answer.topics()) {
            TopicImage topic = image.topic(each.name());
            if (topic != null) {
                topics.add(each.setTopicId(topic.id()));
            }
        }
        topics.addAll(unknown);
        return answer.setTopics(topics);
    }
}
