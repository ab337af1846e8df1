package io.millrace.log.quota;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The meters of those who took something of late. One that was not asked for during all its windows measures nothing
 * any more and is forgotten; of too many, the one that was not asked for longest.
 */
final class MeterCache<K> {

    private static final class Used {
        private final RateMeter meter;
        private long atMillis;

        Used(RateMeter meter) {
            this.meter = meter;
        }
    }

    private final Map<K, Used> meters = new LinkedHashMap<>(16, 0.75f, true);
    private final Windows windows;
    private final int max;

    MeterCache(Windows windows, int max) {
        this.windows = windows;
        this.max = max;
    }

    RateMeter find(K key, long nowMillis) {
        Used used = meters.computeIfAbsent(key, ignored -> new Used(new RateMeter(windows)));
        used.atMillis = nowMillis;
        forget(nowMillis);
        return used.meter;
    }

    int size() {
        return meters.size();
    }

    private void forget(long nowMillis) {
        long quietSince = nowMillis - windows.samples() * windows.millis();
        Iterator<Used> oldestFirst = meters.values().iterator();
        boolean more = true;
        while (more && oldestFirst.hasNext()) {
            Used oldest = oldestFirst.next();
            more = meters.size() > max || oldest.atMillis < quietSince;
            if (more) {
                oldestFirst.remove();
            }
        }
    }
}
