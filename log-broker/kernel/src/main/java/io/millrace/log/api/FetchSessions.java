package io.millrace.log.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The fetch sessions of the clients of one shard (KIP-227); the longest unused gives way to a new one. */
final class FetchSessions {

    /** Kafka's {@code max.incremental.fetch.session.cache.slots}, for each shard. */
    private static final int SESSIONS_MAX = 1000;

    /** The epoch of a request that opens a session. */
    private static final int INITIAL = 0;

    private static final int FIRST_WITH_SESSIONS = 7;

    /** A session to answer by, or the error for the whole request. */
    record Begun(@Nullable FetchSession session, Errors error) {}

    private final RandomGenerator random;
    private final Map<Integer, FetchSession> open = new LinkedHashMap<>(16, 0.75f, true);

    FetchSessions(RandomGenerator random) {
        this.random = random;
    }

    Begun begin(FetchRequestData request, RequestContext context) {
        if (request.sessionEpoch() > INITIAL) {
            return continued(request, context);
        }
        FetchSession old = open.get(request.sessionId());
        if (old != null && old.belongsTo(context.connection())) {
            open.remove(old.id());
        }
        boolean opens = request.sessionEpoch() == INITIAL
                && context.version() >= FIRST_WITH_SESSIONS
                && !request.topics().isEmpty();
        FetchSession session = new FetchSession(opens ? unusedId() : FetchSession.NONE, context.connection());
        session.update(request);
        if (opens) {
            makeRoom();
            open.put(session.id(), session);
        }
        return new Begun(session, Errors.NONE);
    }

    private Begun continued(FetchRequestData request, RequestContext context) {
        FetchSession session = open.get(request.sessionId());
        if (session == null || !session.belongsTo(context.connection())) {
            return new Begun(null, Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (!session.advanceTo(request.sessionEpoch())) {
            return new Begun(null, Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        session.update(request);
        return new Begun(session, Errors.NONE);
    }

    private int unusedId() {
        int id = random.nextInt(1, Integer.MAX_VALUE);
        while (open.containsKey(id)) {
            id = random.nextInt(1, Integer.MAX_VALUE);
        }
        return id;
    }

    private void makeRoom() {
        if (open.size() >= SESSIONS_MAX) {
            open.remove(open.keySet().iterator().next());
        }
    }
}
