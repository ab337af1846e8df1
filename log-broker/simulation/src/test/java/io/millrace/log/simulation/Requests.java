package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Requests as clients send them, and short looks at their answers. */
final class Requests {

    static final int PRODUCE = 13;
    static final int FETCH = 18;
    static final int CREATE_TOPICS = 7;
    private static final int DELETE_TOPICS = 6;

    private Requests() {}

    static CreateTopicsRequestData createTopic(String name, int partitions, String... configs) {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
        for (int i = 0; i < configs.length; i += 2) {
            topic.configs().add(new CreatableTopicConfig().setName(configs[i]).setValue(configs[i + 1]));
        }
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
        request.topics().add(topic);
        return request;
    }

    /** Creates a topic and gives its id. */
    static Uuid created(TestClient client, String name, int partitions, String... configs) {
        CreateTopicsResponseData answer =
                client.call(CreateTopicsResponseData.class, createTopic(name, partitions, configs), CREATE_TOPICS);
        assertThat(error(answer.topics().find(name).errorCode())).isEqualTo(Errors.NONE);
        return answer.topics().find(name).topicId();
    }

    static void deleted(TestClient client, Uuid topic) {
        DeleteTopicsRequestData request =
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setTopicId(topic)));
        DeleteTopicsResponseData answer = client.call(DeleteTopicsResponseData.class, request, DELETE_TOPICS);
        assertThat(error(answer.responses().iterator().next().errorCode())).isEqualTo(Errors.NONE);
    }

    static MetadataRequestData metadata(String... topics) {
        return new MetadataRequestData()
                .setTopics(Stream.of(topics)
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList());
    }

    static ProduceRequestData produce(Uuid topic, int partition, int acks, ByteBuffer records) {
        TopicProduceData data = new TopicProduceData().setTopicId(topic);
        data.partitionData().add(part(partition, records));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1000);
        request.topicData().add(data);
        return request;
    }

    static PartitionProduceData part(int partition, ByteBuffer records) {
        return new PartitionProduceData().setIndex(partition).setRecords(MemoryRecords.readableRecords(records));
    }

    static PartitionProduceResponse first(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    static FetchRequestData fetch(Uuid topic, long offset, int maxWaitMs, int... partitions) {
        List<FetchPartition> wanted = new ArrayList<>();
        for (int partition : partitions) {
            wanted.add(new FetchPartition()
                    .setPartition(partition)
                    .setFetchOffset(offset)
                    .setPartitionMaxBytes(1 << 20));
        }
        return new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopicId(topic).setPartitions(wanted)));
    }

    /** All records of all partitions as "offset=value". */
    static List<String> records(FetchResponseData answer) {
        List<String> values = new ArrayList<>();
        for (PartitionData partition : answer.responses().getFirst().partitions()) {
            assertThat(error(partition.errorCode())).isEqualTo(Errors.NONE);
            values.addAll(Batches.decode(((MemoryRecords) partition.records()).buffer()));
        }
        return values;
    }

    static Errors error(short code) {
        return Errors.forCode(code);
    }
}
