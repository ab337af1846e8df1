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
            Promise<Boolean> disconnected) {

        static Connection of(Event.ConnectionOpened event) {
            return new Connection(
                    event.connection(), event.clientHost(), event.localHost(), new LinkedHashMap<>(), new Promise<>());
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

    /** Forgets a connection and lets go what is parked for it. */
    void closed(long connection) {
        Connection gone = open.remove(connection);
        if (gone != null) {
            List.copyOf(gone.requests().values()).forEach(OpenRequest::abandon);
            gone.disconnected().complete(true);
        }
    }
}
