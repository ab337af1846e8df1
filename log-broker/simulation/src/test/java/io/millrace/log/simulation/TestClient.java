package io.millrace.log.simulation;

import io.millrace.log.disk.Region;
import io.millrace.log.disk.RegionRecords;
import io.millrace.log.node.Reply;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/** A client of a {@link BrokerFixture}: real frames in, real bytes out. */
final class TestClient {

    private static final int CORRELATION = 4711;

    private final BrokerFixture broker;
    private final int shard;
    private final long connection;

    TestClient(BrokerFixture broker, int shard, long connection) {
        this.broker = broker;
        this.shard = shard;
        this.connection = connection;
    }

    /** Sends a request and gives the answer, which must be there at once. */
    <R extends ApiMessage> R call(Class<R> type, ApiMessage request, int version) {
        R answer = poll(type, send(request, version));
        if (answer == null) {
            throw new AssertionError("no answer to " + request);
        }
        return answer;
    }

    /** Sends a request; gives the number to {@link #poll} its answer by. */
    long send(ApiMessage request, int version) {
        return sendFrame(frame(request, (short) version));
    }

    long sendFrame(ByteBuffer frame) {
        return broker.send(shard, connection, frame);
    }

    long connection() {
        return connection;
    }

    void disconnect() {
        broker.disconnect(shard, connection);
    }

    /** The answer to a request, null if it is not there yet. Regions in it are read and released. */
    <R extends ApiMessage> @Nullable R poll(Class<R> type, long request) {
        Reply reply = broker.take(request);
        if (reply == null) {
            return null;
        }
        if (reply.correlationId() != CORRELATION) {
            throw new AssertionError("wrong correlation id in " + reply);
        }
        ApiMessage read = ApiKeys.forId(reply.body().apiKey()).messageType.newResponse();
        read.read(new ByteBufferAccessor(written(reply)), reply.version());
        return type.cast(read);
    }

    private static ByteBuffer written(Reply reply) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(reply.body().size(cache, reply.version()));
        reply.body().write(new WithRecords(bytes), cache, reply.version());
        return bytes.flip();
    }

    static ByteBuffer frame(ApiMessage request, short version) {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(CORRELATION)
                .setClientId("test");
        short headerVersion = key.requestHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + request.size(cache, version);
        ByteBuffer frame = ByteBuffer.allocateDirect(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        request.write(new WithRecords(frame), cache, version);
        return frame.flip();
    }

    /** Writes regions as the server does: their bytes in place of the records. */
    private static final class WithRecords extends ByteBufferAccessor {

        WithRecords(ByteBuffer buffer) {
            super(buffer);
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (records instanceof RegionRecords(Region region)) {
                int limit = buffer().limit();
                buffer().limit(buffer().position() + region.size());
                region.read(buffer(), 0);
                buffer().limit(limit);
                region.release();
            } else {
                super.writeRecords(records);
            }
        }
    }
}
