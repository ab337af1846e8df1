package io.millrace.bench.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** One connection that reads a partition from its start, and looks at the headers of batches only. */
public final class LeanConsumer implements Closeable {

    /** The newest version that has no flexible fields, and names topics by their names. */
    private static final short VERSION = 11;

    private static final int FETCH_BYTES_MAX = 1024 * 1024;
    private static final int BUFFER_BYTES = 4 * FETCH_BYTES_MAX;
    private static final int WAIT_MS_MAX = 500;

    private final SocketChannel channel;
    private final AnswerReader answers;
    private final String topic;
    private final int partition;
    private long nextOffset;

    public LeanConsumer(int port, String topic, int partition) throws IOException {
        this.topic = topic;
        this.partition = partition;
        this.channel = LeanProducer.connect(port);
        this.answers = new AnswerReader(channel, BUFFER_BYTES);
    }

    /** The offset after the last record that was read. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Reads until that offset has been reached. */
    public void readTo(long offset) throws IOException {
        while (nextOffset < offset) {
            readSome();
        }
    }

    /** One request; it may find nothing. */
    public void readSome() throws IOException {
        ByteBuffer frame = Frames.of(request(), VERSION, 0);
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
        ByteBufferAccessor answer = new ByteBufferAccessor(answers.next());
        var _ = new ResponseHeaderData(answer, ApiKeys.FETCH.responseHeaderVersion(VERSION));
        FetchResponseData data = new FetchResponseData(answer, VERSION);
        advance(data.responses().getFirst().partitions().getFirst());
    }

    private FetchRequestData request() {
        FetchPartition part = new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(nextOffset)
                .setPartitionMaxBytes(FETCH_BYTES_MAX);
        return new FetchRequestData()
                .setMaxWaitMs(WAIT_MS_MAX)
                .setMinBytes(1)
                .setMaxBytes(FETCH_BYTES_MAX)
                .setTopics(List.of(new FetchTopic().setTopic(topic).setPartitions(List.of(part))));
    }

    private void advance(PartitionData part) throws IOException {
        if (part.errorCode() != Errors.NONE.code()) {
            throw new IOException("a fetch of %s-%d at %d was answered %s"
                    .formatted(topic, partition, nextOffset, Errors.forCode(part.errorCode())));
        }
        if (part.records() instanceof MemoryRecords records) {
            for (MutableRecordBatch batch : records.batches()) {
                advance(batch);
            }
        }
    }

    private void advance(MutableRecordBatch batch) throws IOException {
        if (batch.baseOffset() > nextOffset) {
            throw new IOException("%s-%d has a gap: offset %d was expected, a batch begins at %d"
                    .formatted(topic, partition, nextOffset, batch.baseOffset()));
        }
        nextOffset = batch.nextOffset();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
