package io.millrace.log.server;

import io.millrace.log.disk.Disk;
import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.node.Shard;
import io.millrace.log.node.ShardConfig;
import io.millrace.log.quota.ConnectionAdmission;
import io.millrace.log.server.BrokerStartException.Kind;
import io.millrace.log.server.disk.DataDirectory;
import io.millrace.log.server.disk.DataDirectoryInUseException;
import io.millrace.log.server.disk.RealDisk;
import io.millrace.log.server.metadata.MetadataLog;
import io.millrace.log.server.metadata.MetadataLogConfig;
import io.millrace.log.server.metadata.RatisMetadataLog;
import io.millrace.log.server.net.BrokerClock;
import io.millrace.log.server.net.CannotListenException;
import io.millrace.log.server.net.Loops;
import io.millrace.log.server.net.NetConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a broker: the lock, then the metadata log beside loops, socket and protocol, then the shards on what
 * all of that gave, then clients. Whatever fails, what was begun before is closed again.
 */
final class BrokerStart {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerStart.class);
    private static final String METADATA_DIRECTORY = "metadata";
    private static final long READY_SECONDS_MAX = 60;

    private final BrokerConfig config;
    private final StartConfigs configs;
    private final BrokerSettings settings;
    private final ConnectionAdmission admission;
    private final BrokerClock clock = new BrokerClock();
    private final BrokerHost host = new BrokerHost();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** Completes exceptionally when the broker meets a failure while it starts. */
    private final CompletableFuture<Void> failed =
            host.failure().thenCompose(cause -> CompletableFuture.failedFuture(cause));

    BrokerStart(BrokerConfig config) {
        this.config = config;
        this.configs = StartConfigs.of(config.configs());
        this.settings = configs.broker();
        this.admission = new ConnectionAdmission(settings);
    }

    Broker run() {
        boolean started = false;
        try {
            Broker broker = assemble();
            started = true;
            return broker;
        } catch (CannotListenException e) {
            throw failed(Kind.ADDRESS_IN_USE, e);
        } catch (DataDirectoryInUseException e) {
            throw failed(Kind.DATA_DIRECTORY_IN_USE, e);
        } catch (IOException | UncheckedIOException e) {
            String message = "The data directory " + config.dataDir() + " cannot be used: " + e.getMessage();
            throw new BrokerStartException(Kind.DATA_DIRECTORY_BROKEN, message, e);
        } catch (TimeoutException | InterruptedException e) {
            throw new BrokerStartException(
                    Kind.NOT_READY, "The broker was not ready within " + READY_SECONDS_MAX + " s; start it again.", e);
        } finally {
            if (!started) {
                undo.forEach(Runnable::run);
            }
        }
    }

    private Broker assemble()
            throws IOException, DataDirectoryInUseException, CannotListenException, InterruptedException,
                    TimeoutException {
        DataDirectory directory = DataDirectory.open(config.dataDir());
        undo.push(() -> closeQuietly(directory));
        MetaProperties meta = MetaProperties.readOrCreate(directory.path());
        MetadataFeed feed = new MetadataFeed(cause -> host.stopNode("metadata log", cause));
        CompletableFuture<MetadataLog> opening = openMetadata(directory.path(), meta, feed);
        undo.push(() -> closeOpened(opening));
        Loops loops = new Loops(config.loops(), NetConfig.of(settings, config.loops()), clock, host, admission);
        undo.push(loops::abort);
        HostPort address = listen(loops);
        loadProtocol();
        MetadataLog metadata = await(opening);
        await(metadata.caughtUp());
        Disk disk = new RealDisk(directory.path());
        host.connect(metadata, loops, disk);
        String cluster = installShards(loops, feed, disk, kernelConfig(meta.brokerId(), address, metadata));
        keepIdentity(directory.path(), meta.formatted(), cluster);
        loops.accept();
        return new Broker(directory, metadata, loops, address, host);
    }

    /** On a thread of its own: it takes longest of all that a start has to do. */
    private static CompletableFuture<MetadataLog> openMetadata(
            Path directory, MetaProperties meta, MetadataLog.Listener listener) {
        CompletableFuture<MetadataLog> opening = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("millrace-metadata-start").start(() -> {
            try {
                opening.complete(openMetadataNow(directory, meta, listener));
            } catch (IOException | RuntimeException e) {
                opening.completeExceptionally(e);
            }
        });
        return opening;
    }

    private static MetadataLog openMetadataNow(Path directory, MetaProperties meta, MetadataLog.Listener listener)
            throws IOException {
        Disk disk = new RealDisk(directory);
        if (!meta.metadataFormatted()) {
            // Begun by a start that did not get as far as serving anybody.
            disk.delete(METADATA_DIRECTORY);
        }
        MetadataLog log = RatisMetadataLog.open(
                new MetadataLogConfig(
                        directory.resolve(METADATA_DIRECTORY),
                        meta.metadataGroup(),
                        meta.brokerId(),
                        List.of(meta.brokerId()),
                        !meta.metadataFormatted()),
                listener);
        if (!meta.metadataFormatted()) {
            meta.formatted().write(directory);
        }
        return log;
    }

    private static void closeOpened(CompletableFuture<MetadataLog> opening) {
        opening.handle((log, failure) -> {
                    if (log != null) {
                        log.close();
                    }
                    return true;
                })
                .join();
    }

    private HostPort listen(Loops loops) throws CannotListenException {
        InetSocketAddress real =
                loops.listen(config.listen().host(), config.listen().port());
        return new HostPort(config.listen().host(), real.getPort());
    }

    /** Has the schemas of all requests made now, while others wait for the disk, and not when the first shard asks. */
    private static void loadProtocol() {
        var _ = ApiKeys.values();
    }

    /** Makes the shards and waits until the broker is registered; gives the cluster's id. */
    private String installShards(
            Loops loops, MetadataFeed feed, Disk disk, io.millrace.log.metadata.BrokerConfig kernelConfig)
            throws IOException, InterruptedException, TimeoutException {
        List<CompletableFuture<String>> registered = IntStream.range(0, config.loops())
                .mapToObj(shard -> new CompletableFuture<String>())
                .toList();
        SecureRandom seeds = new SecureRandom();
        CompletableFuture<Void> installed = feed.attach(
                loops,
                (image, index) -> (shard, outbox) -> ShardTask.open(
                        new ShardConfig(
                                kernelConfig,
                                configs.groups(),
                                configs.transactions(),
                                shard,
                                config.loops(),
                                seeds.nextLong()),
                        disk,
                        outbox,
                        new ShardTask.Start(image, index, clock.nowMillis()),
                        registered.get(shard),
                        shard == 0 ? this::configureAdmission : ignored -> {}));
        await(installed);
        await(CompletableFuture.allOf(registered.toArray(CompletableFuture[]::new)));
        return registered.getFirst().join();
    }

    private io.millrace.log.metadata.BrokerConfig kernelConfig(int brokerId, HostPort address, MetadataLog metadata) {
        HostPort advertised = config.advertised();
        return new io.millrace.log.metadata.BrokerConfig(
                brokerId,
                advertised == null ? null : advertised.host(),
                advertised == null ? address.port() : advertised.port(),
                settings,
                config.dataDir().toString(),
                metadata.epoch());
    }

    /** The admission belongs to the first loop, as does the shard. */
    private void configureAdmission(Shard firstShard) {
        admission.configure(firstShard.settings(), firstShard.image().settings());
    }

    private static void keepIdentity(Path directory, MetaProperties meta, String cluster) throws IOException {
        if (meta.clusterId() == null) {
            meta.named(cluster).write(directory);
        } else if (!meta.clusterId().equals(cluster)) {
            throw new IOException("its meta.properties belongs to cluster " + meta.clusterId()
                    + ", its metadata log to cluster " + cluster + ". Restore both from one backup.");
        }
    }

    /** What {@code future} gives; a failure of the disk underneath comes out as what it is. */
    private <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException, TimeoutException {
        try {
            CompletableFuture<Object> first = CompletableFuture.anyOf(future, failed);
            first.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
            return future.join();
        } catch (ExecutionException e) {
            throw unwrap(e.getCause());
        }
    }

    private static IOException unwrap(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }

    private static BrokerStartException failed(Kind kind, Exception cause) {
        return new BrokerStartException(kind, String.valueOf(cause.getMessage()), cause);
    }

    private static void closeQuietly(DataDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Could not release the lock on the data directory; it ends with the process.");
        }
    }
}
