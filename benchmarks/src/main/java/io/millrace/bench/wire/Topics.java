package io.millrace.bench.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;

/** The topics of a broker: made, filled, asked about and deleted, none of which is measured. */
public final class Topics implements Closeable {

    private static final int CREATE_VERSION = 4;
    private static final int DELETE_VERSION = 3;
    private static final int OFFSETS_VERSION = 5;
    private static final long LATEST = -1;
    private static final int TIMEOUT_MS = 60_000;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int IN_FLIGHT_MAX = 64;

    private final Wire wire;

    public Topics(int port) throws IOException {
        this.wire = new Wire(port);
    }

    /** Makes a topic, and waits until all of its partitions serve. */
    public void create(String name, int partitions, Map<String, String> configs) throws IOException {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
        configs.forEach((key, value) ->
                topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics().add(topic);
        CreateTopicsResponseData answer =
                new CreateTopicsResponseData(wire.call(request, CREATE_VERSION), (short) CREATE_VERSION);
        requireNone(answer.topics().find(name).errorCode(), "creation of topic " + name);
        awaitEndOffset(name, partitions, 0);
    }

    public void delete(String name) throws IOException {
        DeleteTopicsRequestData request =
                new DeleteTopicsRequestData().setTopicNames(List.of(name)).setTimeoutMs(TIMEOUT_MS);
        DeleteTopicsResponseData answer =
                new DeleteTopicsResponseData(wire.call(request, DELETE_VERSION), (short) DELETE_VERSION);
        requireNone(answer.responses().find(name).errorCode(), "deletion of topic " + name);
    }

    /** Waits until every partition of the topic serves, and holds so many records that were committed. */
    public void awaitEndOffset(String topic, int partitions, long endOffset) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_MS * 1_000_000L;
        List<ListOffsetsPartitionResponse> answers = endOffsets(topic, partitions);
        while (!all(answers, endOffset)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "%s does not end at %d in every partition: %s".formatted(topic, endOffset, answers.getFirst()));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            answers = endOffsets(topic, partitions);
        }
    }

    private static boolean all(List<ListOffsetsPartitionResponse> answers, long endOffset) {
        return answers.stream().allMatch(each -> each.errorCode() == Errors.NONE.code() && each.offset() == endOffset);
    }

    private List<ListOffsetsPartitionResponse> endOffsets(String topic, int partitions) throws IOException {
        List<ListOffsetsPartition> parts = IntStream.range(0, partitions)
                .mapToObj(index -> new ListOffsetsPartition()
                        .setPartitionIndex(index)
                        .setCurrentLeaderEpoch(-1)
                        .setTimestamp(LATEST))
                .toList();
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName(topic).setPartitions(parts)));
        ListOffsetsResponseData answer =
                new ListOffsetsResponseData(wire.call(request, OFFSETS_VERSION), (short) OFFSETS_VERSION);
        return answer.topics().getFirst().partitions();
    }

    /** Appends a batch to every partition, and waits until all are acknowledged. */
    public void appendToEach(String topic, int partitions, Batch batch, long baseOffset) throws IOException {
        ProduceAnswer layout = new ProduceAnswer(topic);
        int answered = 0;
        for (int partition = 0; partition < partitions; partition++) {
            wire.send(Frames.produce(topic, partition, Acks.ALL, batch.bytes()));
            if (partition - answered >= IN_FLIGHT_MAX) {
                requireAcknowledged(layout, baseOffset);
                answered++;
            }
        }
        for (; answered < partitions; answered++) {
            requireAcknowledged(layout, baseOffset);
        }
    }

    private void requireAcknowledged(ProduceAnswer layout, long baseOffset) throws IOException {
        ByteBuffer answer = wire.receive();
        layout.require(answer, 0, ProduceAnswer.correlationId(answer, 0), baseOffset);
    }

    /** Sends a batch until it is acknowledged: a topic that has just been made may not serve yet. */
    public void appendOnceItServes(String topic, Batch batch) throws IOException {
        ProduceAnswer layout = new ProduceAnswer(topic);
        ByteBuffer frame = Frames.produce(topic, 0, Acks.ALL, batch.bytes());
        wire.send(frame);
        Errors error = layout.error(wire.receive(), 0);
        while (error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
            LockSupport.parkNanos(PAUSE_NANOS);
            wire.send(frame);
            error = layout.error(wire.receive(), 0);
        }
        requireNone(error.code(), "the first record of topic " + topic);
    }

    /** As {@link #create}, without waiting for its partitions; a topic that exists is as good. */
    public void createIfAbsent(String name) throws IOException {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics()
                .add(new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1));
        CreateTopicsResponseData answer =
                new CreateTopicsResponseData(wire.call(request, CREATE_VERSION), (short) CREATE_VERSION);
        short code = answer.topics().find(name).errorCode();
        if (code != Errors.TOPIC_ALREADY_EXISTS.code()) {
            requireNone(code, "creation of topic " + name);
        }
    }

    private static void requireNone(short code, String what) throws IOException {
        if (code != Errors.NONE.code()) {
            throw new IOException(what + " was answered " + Errors.forCode(code));
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
