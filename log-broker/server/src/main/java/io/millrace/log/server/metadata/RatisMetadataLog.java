package io.millrace.log.server.metadata;

import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.server.metadata.MetadataEntryCodec.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log as one Raft group of Apache Ratis. This broker's own peer takes its batches without a network in
 * between. Why Ratis, with which settings and which transport: {@code docs/decisions}.
 */
public final class RatisMetadataLog implements MetadataLog {

    private static final Logger LOG = LoggerFactory.getLogger(RatisMetadataLog.class);

    static {
        // Without any reporter Ratis makes one that gives everything to JMX, a good part of the time it takes to start.
        MetricRegistries.global().addReporterRegistration(registry -> {}, registry -> {});
    }

    private final RaftServer server;
    private final RaftGroupId group;
    private final MetadataStateMachine machine;
    private final long run;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RatisMetadataLog(RaftServer server, RaftGroupId group, MetadataStateMachine machine, long run) {
        this.server = server;
        this.group = group;
        this.machine = machine;
        this.run = run;
    }

    /**
     * Starts this broker's peer. Returns before old batches were heard: see {@link #caughtUp}.
     *
     * @throws IOException if the files are missing, damaged, or of another cluster
     */
    public static RatisMetadataLog open(MetadataLogConfig config, Listener listener) throws IOException {
        RaftProperties properties = RatisSettings.forOnePeer(config.directory());
        RaftConfigKeys.Rpc.setType(properties, new SoloRpc());
        RatisSettings.requireDurable(properties);
        long run = UUID.randomUUID().getMostSignificantBits();
        MetadataStateMachine machine = new MetadataStateMachine(listener, run);
        RaftGroup group = group(config);
        if (!config.format()) {
            requireFiles(config.directory(), group.getGroupId());
        }
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peerId(config.brokerId()))
                .setGroup(group)
                .setProperties(properties)
                .setStateMachine(machine)
                .setOption(config.format() ? StartupOption.FORMAT : StartupOption.RECOVER)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            machine.closing();
            closeAfter(e, server);
            throw e;
        }
        return new RatisMetadataLog(server, group.getGroupId(), machine, run);
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return machine.leaderReady();
    }

    @Override
    public int epoch() {
        try {
            return Math.toIntExact(server.getDivision(group).getInfo().getCurrentTerm());
        } catch (IOException e) {
            throw new IllegalStateException("the metadata log is closed", e);
        }
    }

    @Override
    public CompletableFuture<@Nullable String> append(@Nullable Origin origin, List<MetadataRecord> records) {
        ByteBuffer entry = MetadataEntryCodec.encode(new Entry(run, origin, records));
        if (entry.remaining() > RatisSettings.ENTRY_BYTES_MAX) {
            return CompletableFuture.completedFuture("a batch of " + entry.remaining() + " bytes is larger than the "
                    + RatisSettings.ENTRY_BYTES_MAX + " that the metadata log takes; split the request");
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setType(RaftClientRequest.writeRequestType())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .build();
        try {
            return server.submitClientRequestAsync(request).handle(RatisMetadataLog::outcome);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(reason(e));
        }
    }

    @Override
    public void close() {
        machine.closing();
        try {
            server.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The metadata log did not close cleanly; it recovers at the next start.");
        }
    }

    private static @Nullable String outcome(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (failure != null) {
            return reason(failure);
        }
        if (reply == null) {
            return "the metadata log gave no answer";
        }
        return reply.isSuccess() ? null : reason(reply.getException());
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static RaftGroup group(MetadataLogConfig config) {
        Uuid cluster = Uuid.fromString(config.clusterId());
        UUID id = new UUID(cluster.getMostSignificantBits(), cluster.getLeastSignificantBits());
        List<RaftPeer> peers = config.peers().stream()
                .map(broker -> RaftPeer.newBuilder().setId(peerId(broker)).build())
                .toList();
        return RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    }

    /** Ratis would begin an empty log where it finds none, also when told to recover: a lost disk must not do that. */
    private static void requireFiles(Path directory, RaftGroupId group) throws IOException {
        Path meta =
                directory.resolve(group.getUuid().toString()).resolve("current").resolve("raft-meta");
        if (!Files.exists(meta)) {
            throw new IOException("the metadata log is missing: there is no " + meta
                    + ". Restore the whole data directory from a backup, or start with an empty one.");
        }
    }

    private static RaftPeerId peerId(int broker) {
        return RaftPeerId.valueOf("broker-" + broker);
    }

    private static void closeAfter(IOException failure, RaftServer server) {
        try {
            server.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
