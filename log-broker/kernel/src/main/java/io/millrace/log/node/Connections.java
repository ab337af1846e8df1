package io.millrace.log.node;

import io.millrace.log.types.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The clients connected to this shard, with the requests that each has open. */
final class Connections {

    /** One client. */
    record Connection(
            long id,
            String clientHost,
            String localHost,
            Map<Long, OpenRequest> requests,
            Promise<Boolean> disconnected,
            Busy busy) {

        static Connection of(Event.ConnectionOpened event) {
            return new Connection(
                    event.connection(),
                    event.clientHost(),
                    event.localHost(),
                    new LinkedHashMap<>(),
                    new Promise<>(),
                    new Busy());
        }
    }

    /** Time of the loop that a client has taken and was not charged for yet. */
    static final class Busy {
        private long nanos;

        long take() {
            long taken = nanos;
            nanos = 0;
            return taken;
        }
    }

    private final Map<Long, Connection> open = new LinkedHashMap<>();

    void opened(Event.ConnectionOpened event) {
        open.put(event.connection(), Connection.of(event));
    }

    /** Null if the connection ended before the request was seen. */
    @Nullable
    Connection find(long connection) {
        return open.get(connection);
    }

    void stepped(Event.RequestStepped event) {
        Connection connection = open.get(event.connection());
        if (connection != null) {
            connection.busy().nanos += event.nanos();
        }
    }

    /** Forgets a connection and lets go what is parked for it. */
    void closed(long connection) {
        Connection gone = open.remove(connection);
        if (gone != null) {
            List.copyOf(gone.requests().values()).forEach(OpenRequest::abandon);
            gone.disconnected().complete(true);
        }
    }
}
