package io.millrace.log.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {

    private static final int SESSIONS_MAX = 1000;

    /** A connection, as a request of it sees it. */
    private record Client(long connection, Promise<Boolean> disconnected) implements RequestContext {

        Client(long connection) {
            this(connection, new Promise<>());
        }

        @Override
        public short version() {
            return 18;
        }

        @Override
        public String clientId() {
            return "test";
        }

        @Override
        public String user() {
            return "ANONYMOUS";
        }

        @Override
        public int frameBytes() {
            return 100;
        }

        @Override
        public long takeBusyNanos() {
            return 0;
        }

        @Override
        public void throttle(long millis) {}

        @Override
        public String clientHost() {
            return "/10.0.0.7";
        }

        @Override
        public String localHost() {
            return "10.0.0.1";
        }

        @Override
        public Promise<Boolean> abandoned() {
            return new Promise<>();
        }

        @Override
        public void withoutAnswer() {
            throw new AssertionError("not asked for by a fetch");
        }

        @Override
        public void closeConnection(String reason) {
            throw new AssertionError(reason);
        }
    }

    private final FetchSessions sessions = new FetchSessions(new SplittableRandom(1), SESSIONS_MAX);

    private static FetchRequestData request(int partitions) {
        List<FetchPartition> wanted = new ArrayList<>();
        IntStream.range(0, partitions).forEach(index -> wanted.add(new FetchPartition().setPartition(index)));
        return new FetchRequestData()
                .setSessionEpoch(0)
                .setTopics(List.of(new FetchTopic().setTopic("t").setPartitions(wanted)));
    }

    private int open(Client client, int partitions) {
        return id(sessions.begin(request(partitions), client).session());
    }

    private static int id(@Nullable FetchSession session) {
        assertThat(session).isNotNull();
        return session == null ? FetchSession.NONE : session.id();
    }

    private Errors next(Client client, int session) {
        FetchRequestData request = new FetchRequestData().setSessionId(session).setSessionEpoch(1);
        return sessions.begin(request, client).error();
    }

    @Test
    void aSessionEndsWithItsConnection() {
        Client client = new Client(1);
        int session = open(client, 3);
        client.disconnected().complete(true);

        assertThat(next(client, session)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aConnectionHasOneSession() {
        Client client = new Client(1);
        int first = open(client, 3);
        int second = open(client, 3);

        assertThat(next(client, first)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(next(client, second)).isEqualTo(Errors.NONE);
    }

    @Test
    void theSessionThatWasNotUsedForLongestGivesWay() {
        List<Client> clients = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < SESSIONS_MAX; i++) {
            clients.add(new Client(i));
            ids.add(open(clients.get(i), 1));
        }
        assertThat(next(clients.get(0), ids.get(0))).isEqualTo(Errors.NONE);
        open(new Client(SESSIONS_MAX), 1);

        assertThat(next(clients.get(1), ids.get(1))).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(next(clients.get(2), ids.get(2))).isEqualTo(Errors.NONE);
    }

    @Test
    void partitionsOfAllSessionsAreBounded() {
        int third = FetchSessions.PARTITIONS_MAX / 3;
        Client[] clients = {new Client(0), new Client(1), new Client(2)};
        int[] ids = {open(clients[0], third), open(clients[1], third), open(clients[2], third)};
        assertThat(next(clients[0], ids[0])).isEqualTo(Errors.NONE);
        open(new Client(3), 10);

        assertThat(next(clients[1], ids[1])).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(next(clients[2], ids[2])).isEqualTo(Errors.NONE);
    }

    @Test
    void aRequestForMorePartitionsThanASessionHoldsIsAnsweredWithoutOne() {
        assertThat(open(new Client(1), FetchSessions.PARTITIONS_MAX / 2 + 1)).isEqualTo(FetchSession.NONE);
    }
}
