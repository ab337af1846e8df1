package io.millrace.bench.micro;

import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.Frames;
import io.millrace.log.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a frame to what the handler gets, and to what the log needs to know of a batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Parse {

    private static final int KB = 1024;

    private final Batch batch = Batch.filling(16 * KB, KB);
    private final ByteBuffer frame = Frames.produce("orders", 0, Acks.ALL, batch.bytes());

    /** The header of a request, as the broker reads it. */
    @Benchmark
    public RequestHeaderData requestHeader() {
        return header(in());
    }

    /** Header and body of a Produce request; the records stay where they are. */
    @Benchmark
    public ProduceRequestData produceRequest() {
        ByteBufferAccessor in = in();
        short version = header(in).requestApiVersion();
        return new ProduceRequestData(in, version);
    }

    private ByteBufferAccessor in() {
        return new ByteBufferAccessor(frame.position(Integer.BYTES));
    }

    private static RequestHeaderData header(ByteBufferAccessor in) {
        short version = in.buffer().getShort(in.buffer().position() + Short.BYTES);
        return new RequestHeaderData(in, ApiKeys.PRODUCE.requestHeaderVersion(version));
    }

    /** The fields of a batch's header that an append looks at. */
    @Benchmark
    public long batchHeader() {
        ByteBuffer bytes = batch.bytes();
        return BatchHeader.sizeInBytes(bytes, 0)
                + BatchHeader.magic(bytes, 0)
                + BatchHeader.codec(bytes, 0)
                + BatchHeader.recordCount(bytes, 0)
                + BatchHeader.lastOffsetDelta(bytes, 0)
                + BatchHeader.maxTimestamp(bytes, 0)
                + BatchHeader.producerId(bytes, 0)
                + BatchHeader.crc(bytes, 0);
    }
}
