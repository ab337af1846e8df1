package io.millrace.log.api;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Fetch, in full or in a session (KIP-227); see {@link LongPoll} for when it is answered. */
final class FetchHandler implements RequestHandler<FetchRequestData> {

    private static final Api API = new Api(ApiKeys.FETCH, 4, 18);
    private static final int TOPIC_IDS_SINCE = 13;
    private static final int LEADER_TOLD_SINCE = 12;
    private static final int WAIT_MS_MAX = 5 * 60 * 1000;

    private final LocalShard shard;
    private final FetchSessions sessions;

    FetchHandler(LocalShard shard) {
        this.shard = shard;
        this.sessions = new FetchSessions(shard.random(), shard.settings().integer(BrokerSettings.FETCH_SESSIONS_MAX));
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(FetchRequestData request, RequestContext context) {
        FetchSessions.Begun begun = sessions.begin(request, context);
        FetchSession session = begun.session();
        if (session == null) {
            return Promise.of(new FetchResponseData().setErrorCode(begun.error().code()));
        }
        Errors unknown =
                context.version() >= TOPIC_IDS_SINCE ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        List<FetchTarget> targets = session.targets();
        List<@Nullable FetchRead> reads = new ArrayList<>(targets.size());
        targets.forEach(target -> reads.add(read(target, context.version() >= LEADER_TOLD_SINCE)));
        boolean someUnknown = reads.contains(null);
        long waitMs = someUnknown ? 0 : Math.min(request.maxWaitMs(), WAIT_MS_MAX);
        LongPoll.Limits limits = new LongPoll.Limits(
                request.minBytes(), bytesMax(request, context), shard.timers().now() + waitMs);
        return new LongPoll(shard, new LongPoll.Wanted(known(reads), isolation(request)), limits)
                .start(context.abandoned())
                .then(results -> answer(session, targets, withUnknown(targets, reads, results, unknown), context));
    }

    private int bytesMax(FetchRequestData request, RequestContext context) {
        int asked = Math.min(request.maxBytes(), shard.settings().integer(BrokerSettings.FETCH_BYTES_MAX));
        return Throttling.fetchBytesMax(shard, context, asked);
    }

    /** A client that has had its share gets no records, and the time after which it may ask again. */
    private Promise<FetchResponseData> answer(
            FetchSession session, List<FetchTarget> targets, List<PartitionData> results, RequestContext context) {
        if (Throttling.isOff(shard)) {
            return Promise.of(session.response(targets, results));
        }
        int bytes = results.stream()
                .mapToInt(result -> result.records().sizeInBytes())
                .sum();
        return Throttling.chargeFetch(shard, context, bytes).map(millis -> {
            if (millis == 0) {
                return session.response(targets, results);
            }
            results.forEach(FetchRead::drop);
            return session.throttled();
        });
    }

    private static IsolationLevel isolation(FetchRequestData request) {
        return request.isolationLevel() == IsolationLevel.READ_COMMITTED.id()
                ? IsolationLevel.READ_COMMITTED
                : IsolationLevel.READ_UNCOMMITTED;
    }

    /** How a partition is read; null if its topic is not known. */
    private @Nullable FetchRead read(FetchTarget target, boolean leaderTold) {
        TopicImage topic = target.find(shard.image());
        return topic == null
                ? null
                : new FetchRead(new PartitionId(topic.id(), target.wanted().partition()), target.wanted(), leaderTold);
    }

    private static List<FetchRead> known(List<@Nullable FetchRead> reads) {
        List<FetchRead> known = new ArrayList<>(reads.size());
        for (FetchRead read : reads) {
            if (read != null) {
                known.add(read);
            }
        }
        return known;
    }

    /** The results of the known reads, with an error in the place of each unknown one. */
    private static List<PartitionData> withUnknown(
            List<FetchTarget> targets, List<@Nullable FetchRead> reads, List<PartitionData> results, Errors unknown) {
        List<PartitionData> all = new ArrayList<>(reads.size());
        int next = 0;
        for (int i = 0; i < reads.size(); i++) {
            if (reads.get(i) == null) {
                all.add(FetchRead.failed(targets.get(i).wanted().partition(), unknown));
            } else {
                all.add(results.get(next));
                next++;
            }
        }
        return all;
    }
}
