package io.millrace.log.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final ByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(true);
    private static final int FRAME_MAX = 1_000_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void framesComeOutAsTheyWereSentHoweverTheBytesArrive(long seed) throws Exception {
        Random random = new Random(seed);
        List<byte[]> sent = frames(random, 200);
        List<byte[]> received = new ArrayList<>();
        List<ByteBuf> parked = new ArrayList<>();
        FrameReader reader = new FrameReader(FRAME_MAX);
        byte[] stream = stream(sent);
        int at = 0;
        while (at < stream.length) {
            at += feed(reader, stream, at, 1 + random.nextInt(random.nextBoolean() ? 20 : 200_000));
            drain(reader, parked);
        }
        for (ByteBuf frame : parked) {
            received.add(bytes(frame));
            frame.release();
        }
        assertThat(received.toArray(byte[][]::new)).isDeepEqualTo(sent.toArray(byte[][]::new));
        assertThat(reader.isMidFrame()).isFalse();
    }

    @Test
    void framesThatWaitWhileReadingGoesOnAreNotLost() throws Exception {
        List<byte[]> sent = frames(new Random(9), 100);
        byte[] stream = stream(sent);
        FrameReader reader = new FrameReader(FRAME_MAX);
        int at = 0;
        while (at < stream.length) {
            at += feed(reader, stream, at, 50_000);
        }
        List<ByteBuf> received = new ArrayList<>();
        drain(reader, received);
        assertThat(received).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(bytes(received.get(i))).isEqualTo(sent.get(i));
            received.get(i).release();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, FRAME_MAX + 1, Integer.MAX_VALUE})
    void refusesALengthThatNoRequestHas(int length) {
        FrameReader reader = new FrameReader(FRAME_MAX);
        byte[] prefix = ByteBuffer.allocate(4).putInt(length).array();
        feed(reader, prefix, 0, 4);
        assertThatThrownBy(() -> reader.next(ALLOCATOR)).isInstanceOf(MalformedFrameException.class);
        reader.release();
    }

    @Test
    void aSmallFrameDoesNotHoldTheReadBuffer() throws Exception {
        FrameReader reader = new FrameReader(FRAME_MAX);
        feed(reader, stream(List.of(new byte[100])), 0, 104);
        ByteBuf frame = reader.next(ALLOCATOR);
        assertThat(frame).isNotNull();
        assertThat(frame.capacity()).isEqualTo(100);
        frame.release();
    }

    @Test
    void theBeginningOfAFrameDoesNotHoldTheReadBuffer() throws Exception {
        byte[] stream = stream(List.of(new byte[50_000], new byte[100_000]));
        FrameReader reader = new FrameReader(FRAME_MAX);
        int at = feed(reader, stream, 0, 50_200);
        ByteBuf first = reader.next(ALLOCATOR);
        assertThat(reader.next(ALLOCATOR)).isNull();
        assertThat(first).isNotNull();
        assertThat(first.refCnt()).isOne();
        while (at < stream.length) {
            at += feed(reader, stream, at, 100);
            if (at < stream.length) {
                assertThat(reader.next(ALLOCATOR)).isNull();
            }
        }
        ByteBuf second = reader.next(ALLOCATOR);
        assertThat(second).isNotNull();
        assertThat(bytes(second)).isEqualTo(new byte[100_000]);
        first.release();
        second.release();
    }

    /** As a socket does: writes what is there, as far as it fits, and hands the buffer back. */
    private static int feed(FrameReader reader, byte[] stream, int at, int bytes) {
        ByteBuf buffer = reader.bufferToFill(ALLOCATOR);
        int count = Math.min(Math.min(bytes, stream.length - at), buffer.writableBytes());
        assertThat(count).isPositive();
        buffer.writeBytes(stream, at, count);
        reader.filled(buffer);
        return count;
    }

    private static void drain(FrameReader reader, List<ByteBuf> into) throws MalformedFrameException {
        ByteBuf frame = reader.next(ALLOCATOR);
        while (frame != null) {
            into.add(frame);
            frame = reader.next(ALLOCATOR);
        }
    }

    private static List<byte[]> frames(Random random, int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int limit = random.nextInt(10) == 0 ? 300_000 : 2_000;
            byte[] frame = new byte[random.nextInt(limit)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] stream(List<byte[]> frames) {
        ByteBuffer stream = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> 4 + frame.length).sum());
        frames.forEach(frame -> stream.putInt(frame.length).put(frame));
        return stream.array();
    }

    private static byte[] bytes(ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.getBytes(frame.readerIndex(), bytes);
        return bytes;
    }
}
