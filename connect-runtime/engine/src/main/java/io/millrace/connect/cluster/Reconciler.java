package io.millrace.connect.cluster;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.task.ConnectorFactory;
import io.millrace.connect.task.PipelineFactory;
import io.millrace.connect.task.RunState;
import io.millrace.connect.task.RunStatus;
import io.millrace.connect.task.TaskEnvironment;
import io.millrace.connect.task.TaskId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what runs here match what the config store says should run. It looks at a connector as a whole whenever
 * anything about it changed, and does what is missing; so an event that is lost or comes twice does no harm.
 *
 * <p>This worker runs every connector that is desired: where there are several, an assignment would narrow what
 * {@link #match} takes as desired here.
 *
 * <p><b>Threads.</b> All work is done on the cluster's thread; any thread may call {@link #reconcile}.
 */
final class Reconciler implements RunningConnector.Scene, ScheduleKeeper.Crew {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final long RETRY_MS = 1_000;

    private final TaskEnvironment environment;
    private final ConfigStore configs;
    private final StatusStore statuses;
    private final ScheduledExecutorService clusterThread;
    private final ConnectorFactory connectors;
    private final PipelineFactory pipelines;
    private final TaskFence fence;
    private final ScheduleKeeper schedules;
    private final Map<String, RunningConnector> running = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private boolean closing;

    Reconciler(
            TaskEnvironment environment,
            ConfigStore configs,
            StatusStore statuses,
            ScheduledExecutorService clusterThread) {
        this.environment = environment;
        this.configs = configs;
        this.statuses = statuses;
        this.clusterThread = clusterThread;
        this.connectors = new ConnectorFactory(environment);
        this.pipelines = new PipelineFactory(environment);
        this.fence = new TaskFence(environment, configs, new SerialCalls(clusterThread));
        this.schedules =
                new ScheduleKeeper(this, statuses, environment.settings().secrets(), InstantSource.system());
    }

    @Override
    public void reconcile(String name) {
        onClusterThread(() -> match(name));
    }

    private void match(String name) {
        if (closing) {
            return;
        }
        Optional<DesiredConnector> desired = configs.get(name);
        RunningConnector here = running.get(name);
        if (here == null) {
            desired.ifPresentOrElse(this::startConnector, () -> forget(name));
        } else if (here.ending()) {
            LOG.atDebug().addKeyValue("connector", name).log("looked at again when it has ended");
        } else if (desired.isEmpty() || !desired.get().config().equals(here.config())) {
            endConnector(name, here);
        } else {
            steer(here, desired.get());
        }
    }

    private void forget(String name) {
        schedules.forget(name);
        statuses.remove(name);
        secrets().forget(name);
    }

    private Secrets secrets() {
        return environment.settings().secrets();
    }

    private void steer(RunningConnector here, DesiredConnector desired) {
        if (held.contains(desired.name())) {
            var _ = here.hold();
            return;
        }
        switch (schedules.turn(desired, here.atRest())) {
            case GO -> here.steer(desired);
            case PAUSE -> here.steer(desired.with(TargetState.PAUSED));
            case REST -> here.restBetweenRuns(desired);
        }
    }

    /**
     * Ends the tasks of a connector, and has none start until {@link #release}, whatever is desired meanwhile. Nothing
     * of that is stored: a worker that starts anew knows of no hold.
     *
     * @return completes when all have ended or were abandoned; empty if somebody holds the connector already
     */
    Optional<CompletableFuture<Void>> hold(String name) {
        if (!held.add(name)) {
            return Optional.empty();
        }
        return Optional.of(
                get(name).map(RunningConnector::hold).orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    void release(String name) {
        held.remove(name);
        reconcile(name);
    }

    private void startConnector(DesiredConnector desired) {
        try {
            if (configs.history().current(desired.name()).isEmpty() || secrets().isToSeal(desired.config())) {
                storeAnew(desired);
                return;
            }
            // A schedule that cannot be read keeps the connector from being made.
            var _ = schedules.read(desired);
            RunningConnector made = new RunningConnector(this, desired);
            running.put(desired.name(), made);
            steer(made, desired);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("connector", desired.name()).setCause(e).log("the connector cannot be made");
            String cause = secrets().shown(String.valueOf(e.getMessage()));
            statuses.put(desired.name(), RunStatus.failed(cause));
        }
    }

    /** A config with secrets to seal, or that somebody else stored; it is looked at again when it is read back. */
    private void storeAnew(DesiredConnector desired) {
        try {
            Map<String, String> sealed = secrets().sealed(desired.name(), desired.config(), Map.of());
            if (configs.history().current(desired.name()).isEmpty()) {
                configs.putConnector(desired.name(), new ConfigStore.Version(sealed, "topic", List.of()));
            } else {
                configs.putSealed(desired.name(), sealed, sealedVersions(desired, sealed));
            }
        } catch (LogFailure e) {
            LOG.atWarn()
                    .addKeyValue("connector", desired.name())
                    .setCause(e)
                    .log("the config was not stored anew, trying again");
            later(() -> match(desired.name()));
        }
    }

    /** Versions whose key is lost stay as they are, and cannot be gone back to. */
    private List<ConfigVersion> sealedVersions(DesiredConnector desired, Map<String, String> sealed) {
        List<ConfigVersion> versions = new ArrayList<>();
        for (ConfigVersion version : configs.history().of(desired.name())) {
            try {
                versions.add(version.with(secrets().sealed(desired.name(), version.config(), sealed)));
            } catch (ConfigException e) {
                LOG.atWarn()
                        .addKeyValue("connector", desired.name())
                        .addKeyValue("version", version.number())
                        .setCause(e)
                        .log("an earlier version of the config cannot be read");
            }
        }
        return versions;
    }

    private void endConnector(String name, RunningConnector here) {
        var _ = here.end()
                .thenRun(() -> onClusterThread(() -> {
                    schedules.leaves(name);
                    running.remove(name, here);
                    reconcile(name);
                }));
    }

    Optional<RunningConnector> get(String name) {
        return Optional.ofNullable(running.get(name));
    }

    Optional<FlowMeter> flow(String name) {
        return get(name).map(RunningConnector::flow);
    }

    @Override
    public TaskEnvironment environment() {
        return environment;
    }

    @Override
    public ConnectorFactory connectors() {
        return connectors;
    }

    @Override
    public PipelineFactory pipelines() {
        return pipelines;
    }

    @Override
    public ConfigStore configs() {
        return configs;
    }

    @Override
    public StatusStore statuses() {
        return statuses;
    }

    @Override
    public void fence(String name) {
        fence.fence(name);
    }

    ScheduleKeeper schedules() {
        return schedules;
    }

    @Override
    public void idle(String name) {
        schedules.idle(name);
    }

    @Override
    public void rest(String name) {
        get(name)
                .filter(here -> !here.ending())
                .ifPresent(here -> configs.get(name).ifPresent(desired -> steer(here, desired)));
    }

    @Override
    public Optional<TargetState> target(String name) {
        return configs.get(name).map(DesiredConnector::target);
    }

    @Override
    public long recordsOut(String name) {
        return flow(name).map(FlowMeter::recordsOut).orElse(0L);
    }

    @Override
    public boolean hasFailed(String name) {
        return hasFailed(statuses.get(name)) || !failedTasks(name).isEmpty();
    }

    private static boolean hasFailed(Optional<StatusStore.Reported> status) {
        return status.filter(reported -> reported.state() == RunState.FAILED).isPresent();
    }

    private List<Integer> failedTasks(String name) {
        int tasks = configs.get(name).map(desired -> desired.tasks().size()).orElse(0);
        return IntStream.range(0, tasks)
                .filter(id -> hasFailed(statuses.get(new TaskId(name, id))))
                .boxed()
                .toList();
    }

    @Override
    public void restartFailed(String name) {
        get(name).filter(here -> !here.ending()).ifPresent(here -> {
            if (hasFailed(statuses.get(name))) {
                here.restart();
            }
            failedTasks(name).forEach(here::restartTask);
        });
    }

    @Override
    public void onClusterThread(Runnable work) {
        try {
            clusterThread.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            LOG.atDebug().setCause(e).log("the worker has closed");
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            // The thread serves all connectors: what one piece of work throws must not keep the others waiting.
            LOG.atError().setCause(e).log("work of the cluster failed");
        }
    }

    @Override
    public void later(Runnable work) {
        var _ = environment.timer().schedule(() -> onClusterThread(work), RETRY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void afterStopTimeout(Runnable work) {
        var _ = environment
                .timer()
                .schedule(work, environment.settings().pace().stopTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    /** Ends everything that runs here, in at most the time that a stop may take. */
    void close() {
        CompletableFuture<Void> ended = CompletableFuture.supplyAsync(this::endAll, clusterThread)
                .thenCompose(endings -> CompletableFuture.allOf(endings.toArray(CompletableFuture[]::new)));
        try {
            ended.get(environment.settings().pace().stopTimeoutMs() + RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("not everything ended in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<CompletableFuture<Void>> endAll() {
        closing = true;
        schedules.close();
        running.keySet().forEach(schedules::leaves);
        List<CompletableFuture<Void>> endings = new ArrayList<>();
        for (RunningConnector connector : running.values()) {
            if (!connector.ending()) {
                endings.add(connector.end());
            }
        }
        return endings;
    }
}
