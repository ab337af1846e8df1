package io.millrace.log.server.net;

import io.millrace.log.server.net.LoopCounters.Counter;
import io.millrace.log.server.net.NetMetrics.Syncs.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.protocol.ApiKeys;

/** The counters of all loops of a broker, added up. */
record LoopCountersSum(List<LoopCounters> loops) {

    NetMetrics metrics() {
        return new NetMetrics(
                new NetMetrics.Connections(
                        sum(loop -> loop.connectionsOpened),
                        sum(loop -> loop.connectionsClosed),
                        sum(loop -> loop.connectionsRefused),
                        sum(loop -> loop.connectionsThrottled),
                        sum(loop -> loop.acceptsFailed),
                        sum(loop -> loop.connectionsMuted),
                        sum(loop -> loop.connectionsIdle)),
                requestsByApi(),
                sum(loop -> loop.bytesIn),
                sum(loop -> loop.bytesOut),
                new NetMetrics.Faults(
                        sum(loop -> loop.framesMalformed),
                        sum(loop -> loop.requestsFailed),
                        sum(loop -> loop.partitionsStopped),
                        sum(loop -> loop.partitionsCut)),
                new NetMetrics.Syncs(
                        sum(loop -> loop.syncs),
                        sum(loop -> loop.syncsFailed),
                        sum(loop -> loop.syncNanos),
                        syncBuckets()));
    }

    private Map<String, Long> requestsByApi() {
        Map<String, Long> requests = new TreeMap<>();
        for (int key = 0; key < LoopCounters.apiKeys(); key++) {
            int api = key;
            long count = total(loop -> loop.requests(api));
            if (count > 0 && ApiKeys.hasId(key)) {
                requests.put(ApiKeys.forId(key).name, count);
            }
        }
        return requests;
    }

    private List<Bucket> syncBuckets() {
        long[] ends = LoopCounters.syncBucketsMicros();
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i <= ends.length; i++) {
            int bucket = i;
            long end = i < ends.length ? ends[i] : Long.MAX_VALUE;
            buckets.add(new Bucket(end, total(loop -> loop.syncBucket(bucket))));
        }
        return buckets;
    }

    private long sum(Function<LoopCounters, Counter> counter) {
        return total(loop -> counter.apply(loop).get());
    }

    private long total(ToLongFunction<LoopCounters> count) {
        return loops.stream().mapToLong(count).sum();
    }
}
