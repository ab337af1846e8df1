package io.millrace.log.api;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of the clients of one shard (KIP-227): at most one for each connection, which ends with it.
 *
 * <p>Sessions are memory that clients make us keep, so both their number and that of all their partitions is bounded:
 * those that were not used for longest give way. A client whose session is gone is told so, and begins anew.
 */
final class FetchSessions {

    /** Partitions of all sessions together; a single client gets no session for more than half of it. */
    static final int PARTITIONS_MAX = 100_000;

    /** The epoch of a request that opens a session. */
    private static final int INITIAL = 0;

    private static final int FIRST_WITH_SESSIONS = 7;

    /** A session to answer by, or the error for the whole request. */
    record Begun(@Nullable FetchSession session, Errors error) {}

    private final RandomGenerator random;
    private final int sessionsMax;
    /** By connection, the one that was used last at the end. */
    private final Map<Long, FetchSession> open = new LinkedHashMap<>(16, 0.75f, true);

    private final Set<Long> watched = new LinkedHashSet<>();
    private int partitions;

    /** @param sessionsMax {@code max.incremental.fetch.session.cache.slots}, here for each shard */
    FetchSessions(RandomGenerator random, int sessionsMax) {
        this.random = random;
        this.sessionsMax = sessionsMax;
    }

    Begun begin(FetchRequestData request, RequestContext context) {
        if (request.sessionEpoch() > INITIAL) {
            return continued(request, context);
        }
        boolean opens = request.sessionEpoch() == INITIAL
                && context.version() >= FIRST_WITH_SESSIONS
                && !request.topics().isEmpty();
        FetchSession old = open.get(context.connection());
        if (old != null && (opens || old.id() == request.sessionId())) {
            end(context.connection());
        }
        FetchSession session = new FetchSession(opens ? random.nextInt(1, Integer.MAX_VALUE) : FetchSession.NONE);
        session.update(request);
        if (!opens) {
            return new Begun(session, Errors.NONE);
        }
        if (session.size() > PARTITIONS_MAX / 2) {
            return new Begun(session.withoutId(), Errors.NONE);
        }
        open.put(context.connection(), session);
        partitions += session.size();
        makeRoom();
        watch(context);
        return new Begun(session, Errors.NONE);
    }

    private Begun continued(FetchRequestData request, RequestContext context) {
        FetchSession session = open.get(context.connection());
        if (session == null || session.id() != request.sessionId()) {
            return new Begun(null, Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (!session.advanceTo(request.sessionEpoch())) {
            return new Begun(null, Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        int before = session.size();
        session.update(request);
        partitions += session.size() - before;
        makeRoom();
        return new Begun(session, Errors.NONE);
    }

    private void watch(RequestContext context) {
        long connection = context.connection();
        if (watched.add(connection)) {
            context.disconnected().whenDone(ignored -> {
                watched.remove(connection);
                end(connection);
            });
        }
    }

    private void end(long connection) {
        FetchSession ended = open.remove(connection);
        if (ended != null) {
            partitions -= ended.size();
        }
    }

    private void makeRoom() {
        Iterator<FetchSession> oldest = open.values().iterator();
        while (open.size() > sessionsMax || partitions > PARTITIONS_MAX) {
            partitions -= oldest.next().size();
            oldest.remove();
        }
    }
}
