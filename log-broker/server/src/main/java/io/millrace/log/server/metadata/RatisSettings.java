package io.millrace.log.server.metadata;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.LeaderElection;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.server.RaftServerConfigKeys.ThreadPool;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How the metadata log runs Ratis: what durability hangs on, and sizes for one small group instead of a data plane. */
final class RatisSettings {

    /** Largest entry. A larger one that reaches Ratis costs the leader its lead. */
    static final int ENTRY_BYTES_MAX = 2 * 1024 * 1024;

    /** What Ratis and protobuf put around an entry, by far. */
    private static final int FRAMING_BYTES = 64 * 1024;

    private static final long SNAPSHOT_AFTER_ENTRIES = 4_096;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final TimeDuration NEVER = TimeDuration.valueOf(3_650, TimeUnit.DAYS);
    private static final TimeDuration PAUSE_WORTH_A_WARNING = TimeDuration.valueOf(10, TimeUnit.SECONDS);

    private RatisSettings() {}

    static RaftProperties forOnePeer(Path directory) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        durability(properties);
        sizes(properties);
        elections(properties);
        return properties;
    }

    /**
     * Refuses settings under which Ratis reports entries as durable that are not: with async-flush it ignores the
     * failure of a sync (seen in 3.3.0), with unsafe-flush it does not wait for one.
     */
    static void requireDurable(RaftProperties properties) {
        if (Log.asyncFlushEnabled(properties) || Log.unsafeFlushEnabled(properties)) {
            throw new IllegalStateException("The metadata log must not run with " + Log.ASYNC_FLUSH_ENABLED_KEY + " or "
                    + Log.UNSAFE_FLUSH_ENABLED_KEY + ": a failed sync would count as done. Set both to false.");
        }
        if (Log.corruptionPolicy(properties) != Log.CorruptionPolicy.EXCEPTION) {
            throw new IllegalStateException("The metadata log must run with " + Log.CORRUPTION_POLICY_KEY
                    + "=EXCEPTION: anything else drops damaged entries in silence.");
        }
    }

    private static void durability(RaftProperties properties) {
        Log.setAsyncFlushEnabled(properties, false);
        Log.setUnsafeFlushEnabled(properties, false);
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, SNAPSHOT_AFTER_ENTRIES);
        Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
        // Ratis would take one at every clean stop: then a start after a crash were the path that is seldom run.
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
    }

    private static void sizes(RaftProperties properties) {
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4MB"));
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("8MB"));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + 2L * FRAMING_BYTES));
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + FRAMING_BYTES));
        // An entry of its own, with a sync, after every entry: the commit index, which one peer alone knows anyhow.
        Log.setLogMetadataEnabled(properties, false);
        Log.setQueueByteLimit(properties, SizeInBytes.valueOf("8MB"));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("8MB"));
        ThreadPool.setProxySize(properties, 1);
        ThreadPool.setServerSize(properties, 2);
        ThreadPool.setClientSize(properties, 1);
    }

    /**
     * With one peer nobody can contend: it may elect itself at once, and a pause of the process, which leaves nobody
     * better off, is no reason to give up the lead or to shut down.
     */
    private static void elections(RaftProperties properties) {
        Rpc.setFirstElectionTimeoutMin(properties, millis(5));
        Rpc.setFirstElectionTimeoutMax(properties, millis(10));
        Rpc.setTimeoutMin(properties, millis(100));
        Rpc.setTimeoutMax(properties, millis(200));
        LeaderElection.setLeaderStepDownWaitTime(properties, NEVER);
        RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, PAUSE_WORTH_A_WARNING);
    }

    private static TimeDuration millis(long count) {
        return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
    }
}
