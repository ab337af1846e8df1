package io.millrace.bench.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * One connection that sends one Produce request again and again. The batch is made once, so nearly all that is measured
 * is the broker's. It checks that every answer acknowledges, and that offsets follow one another: the partition is its
 * own.
 *
 * <p>Used by one thread.
 */
public final class LeanProducer implements Closeable {

    private static final int ANSWER_BUFFER_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final AnswerReader answers;
    private final ProduceAnswer layout;
    private final ByteBuffer frame;
    private final int recordsPerRequest;
    private int sent;
    private int answered;
    private long nextOffset;

    /**
     * @param topic has a partition {@code partition}, in which this producer is the only one
     * @param nextOffset where the partition ends now
     */
    public LeanProducer(int port, String topic, int partition, Acks acks, Batch batch, long nextOffset)
            throws IOException {
        this.frame = Frames.produce(topic, partition, acks, batch.bytes());
        this.recordsPerRequest = batch.records();
        this.layout = new ProduceAnswer(topic);
        this.nextOffset = nextOffset;
        this.channel = connect(port);
        this.answers = new AnswerReader(channel, ANSWER_BUFFER_BYTES);
    }

    static SocketChannel connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /**
     * Sends as fast as answers come.
     *
     * @param inFlightMax requests that may wait for their answer
     */
    public void send(int requests, int inFlightMax) throws IOException {
        int end = sent + requests;
        while (answered < end) {
            while (sent < end && sent - answered < inFlightMax) {
                sendOne();
            }
            receiveOne();
        }
    }

    /**
     * Sends at a steady rate, whether answers come or not: an answer that is late does not keep the next request back.
     *
     * @param latencies of the answers, from when the request was due, in nanoseconds
     */
    public void sendSteadily(int requests, int perSecond, Histogram latencies) throws IOException {
        try (SteadySender sender = new SteadySender(this::sendOne, requests, perSecond)) {
            for (int i = 0; i < requests; i++) {
                receiveOne();
                latencies.recordValue(System.nanoTime() - sender.dueNanos(i));
            }
            sender.join();
        }
    }

    private void sendOne() throws IOException {
        frame.putInt(Frames.CORRELATION_AT, sent);
        sent++;
        ByteBuffer bytes = frame.duplicate();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void receiveOne() throws IOException {
        ByteBuffer answer = answers.next();
        layout.require(answer, answer.position(), answered, nextOffset);
        answered++;
        nextOffset += recordsPerRequest;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
