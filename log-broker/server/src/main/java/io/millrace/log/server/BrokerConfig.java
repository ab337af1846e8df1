package io.millrace.log.server;

import io.millrace.log.metadata.LogFlush;
import io.millrace.log.server.net.NetConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is started with. {@link #of} gives everything a sensible value, the {@code with} methods change it.
 *
 * @param dataDir all of the broker's files; made if there is none
 * @param listen where clients connect; port 0 takes any that is free
 * @param advertised the address that clients are told; null tells each the host it reached us by
 * @param loops event loops, each with its part of the partitions, 1 to 64
 * @param logFlush what an acknowledgement means for topics that do not say it themselves
 * @param limits on clients' memory and sockets
 */
public record BrokerConfig(
        Path dataDir, HostPort listen, @Nullable HostPort advertised, int loops, LogFlush logFlush, NetConfig limits) {

    private static final int LOOPS_MAX = 64;
    private static final int LOOPS_DEFAULT_MAX = 4;
    private static final int MEBIBYTE = 1024 * 1024;

    public BrokerConfig {
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("loops must be in 1.." + LOOPS_MAX + ", was " + loops);
        }
        if (advertised != null && advertised.port() == 0) {
            throw new IllegalArgumentException("the advertised address " + advertised + " needs a port above 0");
        }
    }

    /** One loop for each core, four at most; acknowledged means fsynced; the limits of {@link #defaultLimits}. */
    public static BrokerConfig of(Path dataDir, HostPort listen) {
        int cores = Runtime.getRuntime().availableProcessors();
        int loops = Math.min(cores, LOOPS_DEFAULT_MAX);
        return new BrokerConfig(dataDir, listen, null, loops, LogFlush.GROUP_COMMIT, defaultLimits());
    }

    /**
     * Frames of 100 MiB, 128 MiB of frames for each loop, 4096 connections, 64 requests in flight and 4 MiB of untaken
     * answers for each of them, ten idle minutes.
     */
    public static NetConfig defaultLimits() {
        return new NetConfig(100 * MEBIBYTE, 128L * MEBIBYTE, 4_096, 64, 4 * MEBIBYTE, Duration.ofMinutes(10));
    }

    public BrokerConfig withAdvertised(HostPort address) {
        return new BrokerConfig(dataDir, listen, address, loops, logFlush, limits);
    }

    public BrokerConfig withLoops(int count) {
        return new BrokerConfig(dataDir, listen, advertised, count, logFlush, limits);
    }

    public BrokerConfig withLogFlush(LogFlush flush) {
        return new BrokerConfig(dataDir, listen, advertised, loops, flush, limits);
    }

    public BrokerConfig withLimits(NetConfig changed) {
        return new BrokerConfig(dataDir, listen, advertised, loops, logFlush, changed);
    }
}
