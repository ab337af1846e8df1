package io.millrace.bench.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Requests as they go over the wire.
 *
 * <pre>
 *  +----------+---------+-------------+--------------------+-----------+------+
 *  | Size (4) | Key (2) | Version (2) | Correlation id (4) | Client id | Body |
 *  +----------+---------+-------------+--------------------+-----------+------+
 * </pre>
 */
public final class Frames {

    static final int CORRELATION_AT = 4 + 2 + 2;
    /** The newest version of Produce whose answer has every field at a place that is known beforehand. */
    static final short PRODUCE_VERSION = 7;

    private static final int PRODUCE_TIMEOUT_MS = 30_000;

    private Frames() {}

    static ByteBuffer of(ApiMessage body, short version, int correlationId) {
        short headerVersion = ApiKeys.forId(body.apiKey()).requestHeaderVersion(version);
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(body.apiKey())
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("bench");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + body.size(cache, version);
        ByteBuffer frame = ByteBuffer.allocateDirect(Integer.BYTES + size).putInt(size);
        ByteBufferAccessor out = new ByteBufferAccessor(frame);
        header.write(out, cache, headerVersion);
        body.write(out, cache, version);
        return frame.flip();
    }

    /** A Produce request of one batch; its correlation id is set when it is sent. */
    public static ByteBuffer produce(String topic, int partition, Acks acks, ByteBuffer batch) {
        TopicProduceData data = new TopicProduceData().setName(topic);
        data.partitionData()
                .add(new PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(MemoryRecords.readableRecords(batch.duplicate())));
        ProduceRequestData request =
                new ProduceRequestData().setAcks(acks.code()).setTimeoutMs(PRODUCE_TIMEOUT_MS);
        request.topicData().add(data);
        return of(request, PRODUCE_VERSION, 0);
    }
}
