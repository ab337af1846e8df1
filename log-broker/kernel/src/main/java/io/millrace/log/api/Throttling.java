package io.millrace.log.api;

import io.millrace.log.metadata.ChangeBudget;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.ClusterSettings;
import io.millrace.log.metadata.Decision;
import io.millrace.log.metadata.QuotaKeys;
import io.millrace.log.quota.ClientMeters;
import io.millrace.log.quota.ClientQuota;
import io.millrace.log.types.Promise;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Holds clients to their quotas, as Kafka does (KIP-124, KIP-219, KIP-599): the answer says for how long the client is
 * to hold still, and its connection is not read from for as long.
 *
 * <p>A quota's meter lies on one shard of the broker, whichever shard the client is connected to. A client without a
 * quota costs a look into the metadata.
 */
public final class Throttling {

    /** Percent of a second in a nanosecond. */
    private static final double PERCENT_PER_NANO = 1e-7;

    private Throttling() {}

    /** Whether there are no quotas at all. */
    public static boolean isOff(LocalShard shard) {
        return shard.image().settings().quotas().isEmpty();
    }

    /**
     * Charges a request for its bytes and its time, as far as its handler has not done so; completes before the answer
     * leaves.
     */
    public static Promise<Boolean> charge(LocalShard shard, ApiKeys api, RequestContext context) {
        if (api == ApiKeys.FETCH) {
            return Promise.of(true);
        }
        Promise<Long> forBytes = api == ApiKeys.PRODUCE
                ? charge(shard, QuotaKeys.PRODUCE_BYTES, context, context.frameBytes())
                : Promise.of(0L);
        return forBytes.then(bytesMillis -> chargeTime(shard, context).map(timeMillis -> {
            context.throttle(Math.max(bytesMillis, timeMillis));
            return true;
        }));
    }

    /** Charges a fetch for what it found and for its time; gives for how long the client is to hold still. */
    static Promise<Long> chargeFetch(LocalShard shard, RequestContext context, int bytes) {
        ClientQuota quota = find(shard, QuotaKeys.FETCH_BYTES, context);
        return charge(shard, quota, bytes)
                .then(bytesMillis -> chargeTime(shard, context).map(timeMillis -> {
                    long millis = Math.max(bytesMillis, timeMillis);
                    if (millis > 0 && quota != null) {
                        giveBack(shard, quota, bytes);
                    }
                    context.throttle(millis);
                    return millis;
                }));
    }

    /** The most that a fetch may find without being held back for ever. */
    static int fetchBytesMax(LocalShard shard, RequestContext context, int asked) {
        ClientQuota quota = find(shard, QuotaKeys.FETCH_BYTES, context);
        return quota == null ? asked : (int) Math.min(asked, ClientMeters.windowMax(shard.settings(), quota));
    }

    /**
     * Has the controller decide on changes that count against the client's quota of them.
     *
     * @param strict whether changes beyond the quota are refused
     * @param decision as in {@link LocalShard#decide}, with what the client may change
     */
    static <A> Promise<A> decide(
            LocalShard shard,
            RequestContext context,
            boolean strict,
            BiFunction<ClusterImage, ChangeBudget, Decision<A>> decision,
            Function<String, A> refused) {
        ClientQuota quota = find(shard, QuotaKeys.MUTATIONS, context);
        if (quota == null) {
            return shard.decide(image -> decision.apply(image, ChangeBudget.UNLIMITED), refused);
        }
        return shard.onController(controller -> {
                    ClientMeters.Changes changes = controller
                            .meters()
                            .changes(quota, strict, controller.timers().now());
                    return controller
                            .decide(image -> decision.apply(image, changes), refused)
                            .map(answer -> new Charged<>(answer, changes.throttleMillis()));
                })
                .map(charged -> {
                    context.throttle(charged.throttleMillis());
                    return charged.answer();
                });
    }

    private record Charged<A>(A answer, long throttleMillis) {}

    private static Promise<Long> chargeTime(LocalShard shard, RequestContext context) {
        long max = ClientMeters.requestThrottleMillisMax(shard.settings());
        return charge(shard, QuotaKeys.REQUEST_PERCENT, context, context.takeBusyNanos() * PERCENT_PER_NANO)
                .map(millis -> Math.min(millis, max));
    }

    private static Promise<Long> charge(LocalShard shard, String key, RequestContext context, double amount) {
        return charge(shard, find(shard, key, context), amount);
    }

    private static Promise<Long> charge(LocalShard shard, @Nullable ClientQuota quota, double amount) {
        return quota == null
                ? Promise.of(0L)
                : shard.ask(
                        quota.shard(shard.shards()),
                        there -> Promise.of(there.meters()
                                .charge(quota, amount, there.timers().now())));
    }

    private static void giveBack(LocalShard shard, ClientQuota quota, double amount) {
        shard.ask(quota.shard(shard.shards()), there -> {
            there.meters().giveBack(quota, amount, there.timers().now());
            return Promise.of(true);
        });
    }

    private static @Nullable ClientQuota find(LocalShard shard, String key, RequestContext context) {
        ClusterSettings settings = shard.image().settings();
        return ClientQuota.find(settings, key, context.user(), context.clientId());
    }
}
