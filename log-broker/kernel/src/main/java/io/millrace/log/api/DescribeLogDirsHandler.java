package io.millrace.log.api;

import io.millrace.log.disk.DiskSpace;
import io.millrace.log.replica.PartitionLeader;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * DescribeLogDirs (KIP-113, KIP-827): the one data directory of this broker, its room, and what its partitions take in
 * it. The directory is told of with KAFKA_STORAGE_ERROR while a partition in it is offline or takes no writes; those
 * that are offline are left out.
 */
final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_LOG_DIRS, 1, 5);

    private record Size(TopicPartition partition, long bytes) {}

    private record Share(boolean isWell, List<Size> sizes) {}

    private final LocalShard shard;

    DescribeLogDirsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeLogDirsRequestData request, RequestContext context) {
        Set<TopicPartition> wanted = wanted(request);
        List<Promise<Share>> shares = IntStream.range(0, shard.shards())
                .mapToObj(owner -> shard.ask(owner, there -> Promise.of(share(there, wanted))))
                .toList();
        return Promise.all(shares).map(this::response);
    }

    /** Null if all partitions are wanted. */
    private static @Nullable Set<TopicPartition> wanted(DescribeLogDirsRequestData request) {
        if (request.topics() == null) {
            return null;
        }
        Set<TopicPartition> wanted = new TreeSet<>(Comparator.comparing(TopicPartition::toString));
        for (DescribableLogDirTopic topic : request.topics()) {
            topic.partitions().forEach(index -> wanted.add(new TopicPartition(topic.topic(), index)));
        }
        return wanted;
    }

    private static Share share(LocalShard owner, @Nullable Set<TopicPartition> wanted) {
        List<Size> sizes = new ArrayList<>();
        for (PartitionLeader partition : owner.replicas().all()) {
            TopicPartition name = partition.name().topicPartition();
            if (wanted == null || wanted.contains(name)) {
                sizes.add(new Size(name, partition.log().size()));
            }
        }
        return new Share(owner.replicas().areWell(), sizes);
    }

    private DescribeLogDirsResponseData response(List<Share> shares) {
        SortedMap<String, SortedMap<Integer, Long>> topics = new TreeMap<>();
        for (Share share : shares) {
            for (Size size : share.sizes()) {
                topics.computeIfAbsent(size.partition().topic(), ignored -> new TreeMap<>())
                        .put(size.partition().partition(), size.bytes());
            }
        }
        boolean isWell = shares.stream().allMatch(Share::isWell);
        DiskSpace space = shard.replicas().space();
        DescribeLogDirsResult directory = new DescribeLogDirsResult()
                .setLogDir(shard.config().dataDirectory())
                .setErrorCode((isWell ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR).code())
                .setTotalBytes(space.totalBytes())
                .setUsableBytes(space.usableBytes());
        topics.forEach((topic, sizes) -> directory
                .topics()
                .add(new DescribeLogDirsTopic()
                        .setName(topic)
                        .setPartitions(sizes.entrySet().stream()
                                .map(DescribeLogDirsHandler::partition)
                                .toList())));
        return new DescribeLogDirsResponseData().setResults(List.of(directory));
    }

    private static DescribeLogDirsPartition partition(Map.Entry<Integer, Long> size) {
        return new DescribeLogDirsPartition().setPartitionIndex(size.getKey()).setPartitionSize(size.getValue());
    }
}
