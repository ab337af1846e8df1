package io.millrace.log.node;

import io.millrace.log.api.ApiTable;
import io.millrace.log.api.ApiVersionsHandler;
import io.millrace.log.api.RequestHandler;
import io.millrace.log.api.Throttling;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * From frame to handler to answer. A frame that is no request of a version that we serve ends its connection, as Kafka
 * does; only ApiVersions is answered in any version, so that client and broker can find one that both know.
 */
final class Requests {

    /** Key, version and correlation id: what every header of every version begins with. */
    private static final int HEADER_BYTES_MIN = 8;

    private final ShardCore core;
    private final ApiTable table;
    private final Connections connections;
    private final Outbox outbox;

    Requests(ShardCore core, ApiTable table, Connections connections, Outbox outbox) {
        this.core = core;
        this.table = table;
        this.connections = connections;
        this.outbox = outbox;
    }

    void received(Event.RequestReceived event) {
        Connections.Connection connection = connections.find(event.connection());
        if (connection == null) {
            outbox.finish(event.request());
            return;
        }
        ByteBuffer frame = event.frame();
        if (frame.remaining() < HEADER_BYTES_MIN) {
            refuse(event, "a frame of " + frame.remaining() + " bytes is too short for a request header");
            return;
        }
        short key = frame.getShort(frame.position());
        short version = frame.getShort(frame.position() + 2);
        RequestHandler<?> handler = table.find(key);
        if (handler == null) {
            refuse(event, "API key " + key + " is not served");
        } else if (handler.api().serves(version)) {
            serve(event, connection, handler);
        } else if (handler.api().key() == ApiKeys.API_VERSIONS) {
            answerUnknownVersion(event, frame.getInt(frame.position() + 4));
        } else {
            refuse(event, handler.api().key() + " version " + version + " is not served");
        }
    }

    private <Q extends ApiMessage> void serve(
            Event.RequestReceived event, Connections.Connection connection, RequestHandler<Q> handler) {
        ByteBufferAccessor in = new ByteBufferAccessor(event.frame());
        Parsed parsed = parse(handler.api().key(), in);
        if (parsed.body == null || parsed.header == null) {
            refuse(event, "malformed " + handler.api().key() + " request: " + parsed.problem);
            return;
        }
        OpenRequest request = new OpenRequest(connection, event.request(), parsed.header, outbox);
        try {
            // The body was made by the very API key that the handler stands for in the table.
            @SuppressWarnings("unchecked")
            Q body = (Q) parsed.body;
            handler.handle(body, request).whenDone(answer -> answer(request, answer));
        } catch (RuntimeException bug) {
            outbox.requestFailed(connection.id(), request.toString(), bug);
            request.finish();
        }
    }

    private void answer(OpenRequest request, ApiMessage body) {
        if (Throttling.isOff(core)) {
            request.answer(body);
        } else {
            Throttling.charge(core, request.key(), request).whenDone(charged -> request.answer(body));
        }
    }

    /** Either header and body, or a problem. */
    private record Parsed(
            OpenRequest.@Nullable Header header, @Nullable ApiMessage body, String problem) {}

    private static Parsed parse(ApiKeys key, ByteBufferAccessor in) {
        int bytes = in.remaining();
        try {
            short version = in.buffer().getShort(in.buffer().position() + 2);
            RequestHeaderData header = new RequestHeaderData(in, key.requestHeaderVersion(version));
            ApiMessage body = key.messageType.newRequest();
            body.read(in, version);
            String clientId = header.clientId() == null ? "" : header.clientId();
            return new Parsed(new OpenRequest.Header(key, version, header.correlationId(), clientId, bytes), body, "");
        } catch (RuntimeException malformed) {
            // The generated parsers throw whatever fits: BufferUnderflow, UnsupportedVersion, plain RuntimeException.
            return new Parsed(null, null, String.valueOf(malformed.getMessage()));
        }
    }

    private void answerUnknownVersion(Event.RequestReceived event, int correlationId) {
        Reply reply = new Reply(correlationId, (short) 0, ApiVersionsHandler.unsupportedVersion(table), (short) 0);
        outbox.respond(event.request(), reply);
    }

    private void refuse(Event.RequestReceived event, String reason) {
        outbox.closeConnection(event.connection(), reason);
        outbox.finish(event.request());
    }
}
