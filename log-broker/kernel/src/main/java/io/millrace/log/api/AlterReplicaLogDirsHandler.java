package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterReplicaLogDirs (KIP-113). A broker has one data directory, so that replicas stay where they are. */
final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequestData> {

    private static final Api API = new Api(ApiKeys.ALTER_REPLICA_LOG_DIRS, 1, 2);

    private final LocalShard shard;

    AlterReplicaLogDirsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AlterReplicaLogDirsRequestData request, RequestContext context) {
        SortedMap<String, AlterReplicaLogDirTopicResult> topics = new TreeMap<>();
        for (AlterReplicaLogDir directory : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : directory.topics()) {
                AlterReplicaLogDirTopicResult result = topics.computeIfAbsent(
                        topic.name(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name));
                for (int index : topic.partitions()) {
                    result.partitions()
                            .add(new AlterReplicaLogDirPartitionResult()
                                    .setPartitionIndex(index)
                                    .setErrorCode(error(directory.path(), topic.name(), index)
                                            .code()));
                }
            }
        }
        return Promise.of(new AlterReplicaLogDirsResponseData().setResults(List.copyOf(topics.values())));
    }

    private Errors error(String directory, String name, int index) {
        TopicImage topic = shard.image().topic(name);
        if (!directory.equals(shard.config().dataDirectory())) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        return topic == null || topic.partition(index) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
    }
}
