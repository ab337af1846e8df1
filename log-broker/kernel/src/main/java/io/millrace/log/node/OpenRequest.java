package io.millrace.log.node;

import io.millrace.log.api.RequestContext;
import io.millrace.log.api.ThrottleTimes;
import io.millrace.log.types.Promise;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A request between its frame and its answer. */
final class OpenRequest implements RequestContext {

    /** What stands in a request's header. */
    record Header(ApiKeys key, short version, int correlationId, String clientId, int frameBytes) {}

    private static final String ANONYMOUS = KafkaPrincipal.ANONYMOUS.getName();

    private final Connections.Connection connection;
    private final long request;
    private final Header header;
    private final Outbox outbox;
    private final Promise<Boolean> abandoned = new Promise<>();
    private boolean withoutAnswer;
    private long throttleMillis;

    OpenRequest(Connections.Connection connection, long request, Header header, Outbox outbox) {
        this.connection = connection;
        this.request = request;
        this.header = header;
        this.outbox = outbox;
        connection.requests().put(request, this);
    }

    ApiKeys key() {
        return header.key();
    }

    void answer(ApiMessage body) {
        if (throttleMillis > 0) {
            ThrottleTimes.set(body, (int) Math.min(throttleMillis, Integer.MAX_VALUE));
            outbox.mute(connection.id(), throttleMillis);
        }
        if (withoutAnswer) {
            finish();
            return;
        }
        connection.requests().remove(request);
        short headerVersion = header.key().responseHeaderVersion(header.version());
        outbox.respond(request, new Reply(header.correlationId(), headerVersion, body, header.version()));
    }

    void finish() {
        connection.requests().remove(request);
        outbox.finish(request);
    }

    void abandon() {
        abandoned.complete(true);
    }

    @Override
    public short version() {
        return header.version();
    }

    @Override
    public String clientId() {
        return header.clientId();
    }

    @Override
    public String user() {
        return ANONYMOUS;
    }

    @Override
    public int frameBytes() {
        return header.frameBytes();
    }

    @Override
    public long takeBusyNanos() {
        return connection.busy().take();
    }

    @Override
    public void throttle(long millis) {
        throttleMillis = Math.max(throttleMillis, millis);
    }

    @Override
    public String clientHost() {
        return connection.clientHost();
    }

    @Override
    public String localHost() {
        return connection.localHost();
    }

    @Override
    public long connection() {
        return connection.id();
    }

    @Override
    public Promise<Boolean> disconnected() {
        return connection.disconnected();
    }

    @Override
    public Promise<Boolean> abandoned() {
        return abandoned;
    }

    @Override
    public void withoutAnswer() {
        withoutAnswer = true;
    }

    @Override
    public void closeConnection(String reason) {
        outbox.closeConnection(connection.id(), reason);
    }

    @Override
    public String toString() {
        return header.key() + " version " + header.version();
    }
}
