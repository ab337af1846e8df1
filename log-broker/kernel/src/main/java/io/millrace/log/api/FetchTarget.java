package io.millrace.log.api;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a client wants to fetch, in its own words.
 *
 * @param topic empty if the client names topics by id
 * @param topicId zero if the client names topics by name
 * @param wanted as the client sent it; not changed by anybody
 */
record FetchTarget(String topic, Uuid topicId, FetchPartition wanted) {

    /** The topic, or null if there is none of that name or id. */
    @Nullable
    TopicImage find(ClusterImage image) {
        return topicId.equals(Uuid.ZERO_UUID) ? image.topic(topic) : image.topic(topicId);
    }
}
