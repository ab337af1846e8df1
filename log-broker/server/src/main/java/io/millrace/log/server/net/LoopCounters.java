package io.millrace.log.server.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of one loop: written by its thread alone, read by any. A reader sees each count somewhat late, never torn.
 */
final class LoopCounters {

    /** Upper ends of the sync histogram's buckets in microseconds; one more bucket takes the rest. */
    private static final long[] SYNC_BUCKETS_MICROS = {
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000
    };

    private static final int API_KEYS = 128;

    final Counter connectionsOpened = new Counter();
    final Counter connectionsClosed = new Counter();
    final Counter connectionsRefused = new Counter();
    final Counter connectionsThrottled = new Counter();
    final Counter acceptsFailed = new Counter();
    final Counter connectionsMuted = new Counter();
    final Counter connectionsIdle = new Counter();
    final Counter framesMalformed = new Counter();
    final Counter requestsFailed = new Counter();
    final Counter bytesIn = new Counter();
    final Counter bytesOut = new Counter();
    final Counter syncs = new Counter();
    final Counter syncsFailed = new Counter();
    final Counter syncNanos = new Counter();
    final Counter partitionsStopped = new Counter();
    final Counter partitionsCut = new Counter();

    private final AtomicLongArray requestsByKey = new AtomicLongArray(API_KEYS);
    private final AtomicLongArray syncBuckets = new AtomicLongArray(SYNC_BUCKETS_MICROS.length + 1);

    /** A count that one thread writes. */
    static final class Counter {

        private final AtomicLong value = new AtomicLong();

        void add(long amount) {
            value.setOpaque(value.getPlain() + amount);
        }

        long get() {
            return value.getOpaque();
        }
    }

    void request(int apiKey) {
        if (apiKey >= 0 && apiKey < API_KEYS) {
            add(requestsByKey, apiKey);
        }
    }

    void synced(long nanos) {
        long micros = nanos / 1_000;
        int bucket = 0;
        while (bucket < SYNC_BUCKETS_MICROS.length && micros > SYNC_BUCKETS_MICROS[bucket]) {
            bucket++;
        }
        add(syncBuckets, bucket);
        syncs.add(1);
        syncNanos.add(nanos);
    }

    long requests(int apiKey) {
        return requestsByKey.getOpaque(apiKey);
    }

    long syncBucket(int bucket) {
        return syncBuckets.getOpaque(bucket);
    }

    static int apiKeys() {
        return API_KEYS;
    }

    static long[] syncBucketsMicros() {
        return SYNC_BUCKETS_MICROS.clone();
    }

    private static void add(AtomicLongArray array, int index) {
        array.setOpaque(index, array.getPlain(index) + 1);
    }
}
