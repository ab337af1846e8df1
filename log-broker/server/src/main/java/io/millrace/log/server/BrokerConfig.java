package io.millrace.log.server;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.LogFlush;
import io.millrace.log.metadata.TopicConfigs;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is started with. {@link #of} gives everything a sensible value, the {@code with} methods change it.
 *
 * @param dataDir all of the broker's files; made if there is none
 * @param listen where clients connect; port 0 takes any that is free
 * @param advertised the address that clients are told; null tells each the host it reached us by
 * @param loops event loops, each with its part of the partitions, 1 to 64
 * @param configs of the broker, in Kafka's names; see {@link BrokerSettings}
 */
public record BrokerConfig(
        Path dataDir, HostPort listen, @Nullable HostPort advertised, int loops, Map<String, String> configs) {

    private static final int LOOPS_MAX = 64;
    private static final int LOOPS_DEFAULT_MAX = 4;

    public BrokerConfig {
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("loops must be in 1.." + LOOPS_MAX + ", was " + loops);
        }
        if (advertised != null && advertised.port() == 0) {
            throw new IllegalArgumentException("the advertised address " + advertised + " needs a port above 0");
        }
        configs = Map.copyOf(configs);
        var _ = StartConfigs.of(configs);
    }

    /** One loop for each core, four at most; acknowledged means fsynced; every config as by default. */
    public static BrokerConfig of(Path dataDir, HostPort listen) {
        int cores = Runtime.getRuntime().availableProcessors();
        int loops = Math.min(cores, LOOPS_DEFAULT_MAX);
        return new BrokerConfig(dataDir, listen, null, loops, Map.of());
    }

    public BrokerConfig withAdvertised(HostPort address) {
        return new BrokerConfig(dataDir, listen, address, loops, configs);
    }

    public BrokerConfig withLoops(int count) {
        return new BrokerConfig(dataDir, listen, advertised, count, configs);
    }

    public BrokerConfig withLogFlush(LogFlush flush) {
        return withConfigs(Map.of(TopicConfigs.LOG_FLUSH, flush.configValue()));
    }

    /** @throws IllegalArgumentException if a key is unknown, naming the nearest one, or a value is not in its range */
    public BrokerConfig withConfigs(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(configs);
        all.putAll(more);
        return new BrokerConfig(dataDir, listen, advertised, loops, all);
    }
}
