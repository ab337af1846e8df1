package io.millrace.connect.cluster;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.task.TaskEnvironment;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What should run, kept in the log, and made to run here.
 *
 * <p><b>Life cycle.</b> {@link #open} reads the topics; {@link #start()} makes everything run that should;
 * {@link #close()} ends it, and leaves in the log that it should run.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Cluster implements AutoCloseable {

    private final ScheduledExecutorService thread;
    private final ConfigStore configs;
    private final StatusStore statuses;
    private final Reconciler reconciler;
    private final ConnectorService connectors;
    private final OffsetService offsets;
    private final ReplayService replays;
    private final PipelineService pipelines;
    private final VersionService versions;
    private final PlanService plans;
    private final ScheduleService schedules;

    /**
     * The topics of a cluster of workers.
     *
     * @param config what should run
     * @param status how it is
     * @param statusPartitions how many partitions the latter gets when it is made
     * @param replicationFactor how many copies topics get when they are made; -1: the log's default
     * @param versionsMax how many versions of each connector's config are kept
     */
    public record Topics(String config, String status, int statusPartitions, short replicationFactor, int versionsMax) {

        /** Makes the topics where they do not exist. */
        void ensure(LogClient log) {
            log.ensureTopic(TopicSpec.compacted(config, 1, replicationFactor));
            log.ensureTopic(TopicSpec.compacted(status, statusPartitions, replicationFactor));
        }
    }

    private Cluster(TaskEnvironment environment, Topics topics, String workerId) {
        LogClient log = environment.log();
        this.thread = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("cluster").daemon(true).unstarted(work));
        // Changes that arrive before all is wired are looked at by start().
        AtomicReference<@Nullable Reconciler> wired = new AtomicReference<>();
        this.configs = new ConfigStore(log, topics.config(), new ConfigHistory(topics.versionsMax()), name -> {
            Reconciler awake = wired.get();
            if (awake != null) {
                awake.reconcile(name);
            }
        });
        this.statuses = new StatusStore(log, topics.status(), workerId, thread);
        this.reconciler = new Reconciler(environment, configs, statuses, thread);
        SerialCalls calls = new SerialCalls(thread);
        this.connectors = new ConnectorService(reconciler, calls);
        this.offsets = new OffsetService(connectors, reconciler, calls);
        this.replays = new ReplayService(connectors, offsets, reconciler, calls);
        this.versions = new VersionService(connectors, offsets, reconciler, calls);
        this.plans = new PlanService(connectors, reconciler);
        this.schedules = new ScheduleService(connectors, reconciler, calls);
        this.pipelines = new PipelineService(connectors, reconciler, schedules);
        wired.set(reconciler);
    }

    /**
     * Reads the topics, and makes them where they do not exist.
     *
     * @param workerId names this worker in statuses: host and port of its REST interface
     */
    public static Cluster open(TaskEnvironment environment, Topics topics, String workerId) {
        topics.ensure(environment.log());
        return new Cluster(environment, topics, workerId);
    }

    /** Makes everything run that should. */
    public void start() {
        configs.names().forEach(reconciler::reconcile);
    }

    public ConnectorService connectors() {
        return connectors;
    }

    public OffsetService offsets() {
        return offsets;
    }

    public ReplayService replays() {
        return replays;
    }

    public PlanService plans() {
        return plans;
    }

    public VersionService versions() {
        return versions;
    }

    public ScheduleService schedules() {
        return schedules;
    }

    public PipelineService pipelines() {
        return pipelines;
    }

    @Override
    public void close() {
        reconciler.close();
        thread.shutdown();
        configs.close();
        statuses.close();
    }
}
