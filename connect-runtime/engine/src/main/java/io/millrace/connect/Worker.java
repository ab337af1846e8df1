package io.millrace.connect;

import io.millrace.connect.cluster.Cluster;
import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.OffsetService;
import io.millrace.connect.cluster.PipelineService;
import io.millrace.connect.letters.LetterReplay;
import io.millrace.connect.letters.LetterService;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.log.kafka.KafkaLogClient;
import io.millrace.connect.offset.OffsetStores;
import io.millrace.connect.plugin.PluginFailure;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.preview.PreviewService;
import io.millrace.connect.record.OwnVersion;
import io.millrace.connect.rest.RestExtension;
import io.millrace.connect.rest.RestServer;
import io.millrace.connect.rest.Services;
import io.millrace.connect.secret.Keyring;
import io.millrace.connect.secret.LogMask;
import io.millrace.connect.task.TaskEnvironment;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: it hosts the connectors that the log says should run, and answers over REST.
 *
 * <p><b>Life cycle.</b> {@link #start} returns when the worker is ready; {@link #close()} ends its tasks, commits
 * their positions and lets go of everything, within the time that tasks are given to stop and two seconds. What should
 * run stays in the log, and the next worker on it goes on.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final RestServer rest;
    private final Cluster cluster;
    private final Plugins plugins;

    private Worker(WorkerConfig config, Doorstep doorstep) {
        opened(doorstep);
        try {
            this.rest = doorstep.rest();
            this.plugins = doorstep.plugins();
            LogClient log = opened(new KafkaLogClient(config.clients()));
            TaskEnvironment environment = environment(config, log);
            String workerId =
                    rest.address().getHostString() + ":" + rest.address().getPort();
            this.cluster = opened(Cluster.open(environment, config.topics(log.nodeCount()), workerId));
            PreviewService previews = opened(new PreviewService(environment, cluster.connectors()));
            LetterService letters = new LetterService(environment, cluster.connectors());
            Services.Letters boxes = new Services.Letters(letters, new LetterReplay(letters, cluster.replays()));
            rest.serve(new Services(cluster, previews, boxes, plugins, identity(log)));
            cluster.start();
        } catch (RuntimeException | Error e) {
            // What is open keeps the process from ending, also when a class is missing.
            close();
            throw e;
        }
    }

    /**
     * Starts a worker.
     *
     * @throws WorkerFailure when the address is in use, the plugin path is not there or the log does not answer
     */
    public static Worker start(WorkerConfig config) {
        return prepare(config, List.of()).start(config);
    }

    /**
     * Does what a start can do before there is a log: takes the address, where requests are told to wait, and finds the
     * plugins.
     *
     * @param extensions further routes of the REST interface
     * @throws WorkerFailure when the address is in use or the plugin path is not there
     */
    public static Doorstep prepare(WorkerConfig config, List<RestExtension> extensions) {
        RestServer rest = listen(config.listener(), extensions);
        try {
            return new Doorstep(rest, Plugins.discover(config.pluginPath()));
        } catch (PluginFailure e) {
            rest.close();
            throw failure(e);
        } catch (RuntimeException | Error e) {
            rest.close();
            throw e;
        }
    }

    /** A worker that has its address and its plugins, and waits for its log. Closed if it is not started. */
    public record Doorstep(RestServer rest, Plugins plugins) implements AutoCloseable {

        /**
         * Starts the worker, which owns this from now on.
         *
         * @param config as it was prepared with, but that the log's address may be another
         * @throws WorkerFailure when a config provider refuses its keys, the key file cannot be read or the log does
         *     not answer; this is closed then
         */
        public Worker start(WorkerConfig config) {
            try {
                return new Worker(config, this);
            } catch (LogFailure | PluginFailure | ConfigException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            try (rest;
                    plugins) {
                // plugins first: requests that are under way may still use them, and fail
            }
        }
    }

    private static WorkerFailure failure(RuntimeException cause) {
        return new WorkerFailure("the worker did not start: " + cause.getMessage(), cause);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private static RestServer listen(InetSocketAddress address, List<RestExtension> extensions) {
        try {
            return RestServer.start(address, extensions);
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new WorkerFailure(
                    "the worker did not start: %s:%d cannot be listened on, is it in use? Set %s to another address"
                            .formatted(address.getHostString(), address.getPort(), WorkerConfig.LISTENERS),
                    e);
        }
    }

    private TaskEnvironment environment(WorkerConfig config, LogClient log) {
        Secrets secrets = new Secrets(plugins, opened(config.variables(plugins)), Keyring.open(config.keyFile()));
        opened(LogMask.of(secrets.words()));
        OffsetStores offsets = opened(new OffsetStores(
                log,
                TopicSpec.compacted(config.offsetTopic(), config.offsetPartitions(), config.copies(log.nodeCount()))));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("timer").daemon(true).unstarted(work));
        opened(timer::shutdownNow);
        Metrics metrics = opened(pluginMetrics());
        return new TaskEnvironment(
                plugins,
                log,
                offsets,
                metrics,
                timer,
                config.taskSettings(secrets, opened(config.clientPolicy(plugins))));
    }

    /** What plugins count themselves (KIP-877): shown over JMX, under {@code kafka.connect}, as Kafka Connect does. */
    private static Metrics pluginMetrics() {
        return new Metrics(
                new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, new KafkaMetricsContext("kafka.connect"));
    }

    private static Services.Identity identity(LogClient log) {
        return new Services.Identity(OwnVersion.text(), "unknown", log.clusterId());
    }

    /** Where the REST interface listens. */
    public InetSocketAddress restAddress() {
        return rest.address();
    }

    /** What can be asked about connectors: the same that REST asks. */
    public ConnectorService connectors() {
        return cluster.connectors();
    }

    /** How far connectors have come. */
    public OffsetService offsets() {
        return cluster.offsets();
    }

    /** Connectors as flows of records. */
    public PipelineService pipelines() {
        return cluster.pipelines();
    }

    /** What can be run. */
    public Plugins plugins() {
        return plugins;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("what", resource.getClass().getSimpleName())
                        .setCause(e)
                        .log("did not close");
            }
        }
    }
}
