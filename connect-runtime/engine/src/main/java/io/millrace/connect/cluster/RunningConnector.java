package io.millrace.connect.cluster;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.task.Condition;
import io.millrace.connect.task.ConnectorFactory;
import io.millrace.connect.task.ConnectorRunner;
import io.millrace.connect.task.Lifecycle;
import io.millrace.connect.task.PipelineFactory;
import io.millrace.connect.task.RunState;
import io.millrace.connect.task.RunStatus;
import io.millrace.connect.task.TaskEnvironment;
import io.millrace.connect.task.TaskId;
import io.millrace.connect.task.TaskRunner;
import io.millrace.connect.task.TaskSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connector with one config, as it runs here: its runner, and those of its tasks. A connector whose config changes
 * ends, and another takes its place.
 *
 * <p><b>Threads.</b> The cluster's thread, where nothing else is said. The plugin's own calls come back to it as work
 * of their own.
 */
final class RunningConnector {

    private static final Logger LOG = LoggerFactory.getLogger(RunningConnector.class);

    private final Scene scene;
    private final String name;
    private final Map<String, String> config;
    private final PluginDescriptor plugin;
    private final FlowMeter flow = new FlowMeter(System::currentTimeMillis);
    private final ConnectorRunner runner;
    private final Map<Integer, RunningTask> tasks = new ConcurrentHashMap<>();
    private boolean started;
    private boolean tasksKnown;
    private boolean ending;
    private boolean resting;

    /** A task with the config that it was made for. */
    private record RunningTask(TaskRunner runner, Map<String, String> config, Host host) {}

    RunningConnector(Scene scene, DesiredConnector desired) {
        this.scene = scene;
        this.name = desired.name();
        this.config = desired.config();
        this.plugin = scene.environment().plugins().connectorOf(config);
        Lifecycle lifecycle = new Lifecycle(status -> scene.statuses().put(name, masked(status)));
        this.runner = scene.connectors()
                .runner(name, config, lifecycle, configs -> scene.onClusterThread(() -> tasksGiven(configs)));
    }

    Map<String, String> config() {
        return config;
    }

    private RunStatus masked(RunStatus status) {
        return status.masked(scene.environment().settings().secrets()::shown);
    }

    FlowMeter flow() {
        return flow;
    }

    /** How the connector itself is. Any thread. */
    Condition condition() {
        return masked(runner.condition());
    }

    /** How a task is; empty while there is none of that number here. Any thread. */
    Optional<Condition> condition(int task) {
        return Optional.ofNullable(tasks.get(task))
                .map(running -> masked(running.runner().condition()));
    }

    private Condition masked(Condition condition) {
        return condition.masked(scene.environment().settings().secrets()::shown);
    }

    /** How far a sink's tasks were given records: the offset after the last, of each partition. Any thread. */
    Map<TopicPartition, Long> delivered() {
        Map<TopicPartition, Long> delivered = new HashMap<>();
        tasks.values().forEach(task -> delivered.putAll(task.runner().delivered()));
        return delivered;
    }

    /** Does what the target asks for, as far as it is not done. */
    void steer(DesiredConnector desired) {
        resting = false;
        switch (desired.target()) {
            case STARTED -> {
                if (!started) {
                    started = true;
                    runner.start();
                }
                if (tasksKnown) {
                    matchTasks(desired.tasks(), false);
                    tellIfIdle(desired.tasks().size());
                }
            }
            case PAUSED -> {
                rest(RunState.PAUSED);
                matchTasks(desired.tasks(), true);
            }
            case STOPPED -> {
                rest(RunState.STOPPED);
                matchTasks(List.of(), false);
                if (!desired.tasks().isEmpty()) {
                    write(List.of());
                }
            }
        }
    }

    /** Ends the tasks, and lets go of the connector, until it is steered again. Both are shown as paused. */
    void restBetweenRuns(DesiredConnector desired) {
        if (resting) {
            return;
        }
        resting = true;
        rest(RunState.PAUSED);
        for (int id = 0; id < desired.tasks().size(); id++) {
            if (!tasks.containsKey(id)) {
                showAtRest(id);
            }
        }
        var _ = hold();
        scene.reconcile(name);
    }

    /** Whether nothing of it runs, or what does is about to end. */
    boolean atRest() {
        return !started;
    }

    private void showAtRest(int id) {
        scene.statuses().put(new TaskId(name, id), RunStatus.of(RunState.PAUSED));
    }

    private void tellIfIdle(int wanted) {
        boolean idle = IntStream.range(0, wanted)
                .mapToObj(tasks::get)
                .allMatch(task -> task != null && task.host().isIdle());
        if (idle) {
            scene.idle(name);
        }
    }

    private void taskIdle(Host host, boolean is) {
        host.idle = is;
        RunningTask running = tasks.get(host.task.task());
        if (is && started && tasksKnown && !ending && running != null && running.host() == host) {
            scene.configs()
                    .get(name)
                    .ifPresent(desired -> tellIfIdle(desired.tasks().size()));
        }
    }

    private void rest(RunState state) {
        started = false;
        tasksKnown = false;
        runner.rest(state);
    }

    private void tasksGiven(List<Map<String, String>> configs) {
        if (ending || !started) {
            return;
        }
        tasksKnown = true;
        List<Map<String, String>> stored =
                scene.configs().get(name).map(DesiredConnector::tasks).orElse(List.of());
        List<Map<String, String>> settled = settled(configs, stored);
        if (stored.equals(settled)) {
            scene.reconcile(name);
        } else {
            write(settled);
        }
    }

    private List<Map<String, String>> settled(List<Map<String, String>> configs, List<Map<String, String>> stored) {
        Secrets secrets = scene.environment().settings().secrets();
        List<Map<String, String>> settled = new ArrayList<>();
        for (int id = 0; id < configs.size(); id++) {
            settled.add(secrets.settled(name, configs.get(id), id < stored.size() ? stored.get(id) : Map.of()));
        }
        return settled;
    }

    /** The store tells of the change, and so the tasks follow. */
    private void write(List<Map<String, String>> configs) {
        try {
            scene.configs().putTasks(name, configs);
        } catch (LogFailure e) {
            tasksKnown = false;
            LOG.atWarn()
                    .addKeyValue("connector", name)
                    .setCause(e)
                    .log("configs of tasks were not stored, asking for them again");
            scene.later(() -> {
                if (started) {
                    runner.requestTasks();
                }
            });
        }
    }

    private void matchTasks(List<Map<String, String>> wanted, boolean paused) {
        for (Map.Entry<Integer, RunningTask> running : tasks.entrySet()) {
            int id = running.getKey();
            boolean keep = id < wanted.size()
                    && wanted.get(id).equals(running.getValue().config());
            if (!keep) {
                var _ = end(id, running.getValue(), id >= wanted.size());
            } else if (paused) {
                running.getValue().runner().pause();
            } else {
                running.getValue().runner().resume();
            }
        }
        for (int id = 0; id < wanted.size(); id++) {
            if (!tasks.containsKey(id)) {
                startTask(id, wanted.get(id), paused);
            }
        }
    }

    private void startTask(int id, Map<String, String> taskConfig, boolean paused) {
        TaskId taskId = new TaskId(name, id);
        Host host = new Host(taskId);
        TaskSpec spec = new TaskSpec(taskId, plugin, config, taskConfig, flow, host);
        Lifecycle lifecycle = new Lifecycle(status -> scene.statuses().put(taskId, masked(status)));
        TaskRunner task = scene.pipelines().runner(spec, lifecycle);
        if (paused) {
            task.pause();
        }
        tasks.put(id, new RunningTask(task, taskConfig, host));
        task.start();
    }

    /** What a task asks for. */
    private final class Host implements TaskSpec.Host {

        private final TaskId task;
        private boolean idle;
        private boolean ending;

        private Host(TaskId task) {
            this.task = task;
        }

        /** A task that was asked to end says nothing of the run that comes next. */
        private boolean isIdle() {
            return idle && !ending;
        }

        @Override
        public void usesTopic(String topic) {
            scene.statuses().used(task, topic);
        }

        @Override
        public void fenceOlder() {
            scene.fence(task.connector());
        }

        @Override
        public void idle(boolean is) {
            scene.onClusterThread(() -> taskIdle(this, is));
        }
    }

    /** Stops a task; its place is free, and looked at again, when it has ended. */
    private CompletableFuture<Void> end(int id, RunningTask task, boolean forGood) {
        CompletableFuture<Void> ended = stopOrAbandon(task);
        var _ = ended.thenRun(() -> scene.onClusterThread(() -> {
            if (tasks.remove(id, task) && forGood) {
                scene.statuses().remove(new TaskId(name, id));
            } else if (resting && !tasks.containsKey(id)) {
                showAtRest(id);
            }
            scene.reconcile(name);
        }));
        return ended;
    }

    private CompletableFuture<Void> stopOrAbandon(RunningTask task) {
        task.host().ending = true;
        CompletableFuture<Void> ended = task.runner().stop();
        scene.afterStopTimeout(task.runner()::abandon);
        return ended;
    }

    /** Ends all tasks, and leaves alone what they should be. Completes when they have ended or were abandoned. */
    CompletableFuture<Void> hold() {
        return CompletableFuture.allOf(tasks.entrySet().stream()
                .map(running -> end(running.getKey(), running.getValue(), false))
                .toArray(CompletableFuture[]::new));
    }

    /** Makes the connector anew, not its tasks. */
    void restart() {
        if (resting) {
            return;
        }
        scene.statuses().put(name, RunStatus.of(RunState.RESTARTING));
        runner.restart();
    }

    /** Makes a task anew. Returns false when there is none of that number. */
    boolean restartTask(int id) {
        RunningTask task = tasks.get(id);
        if (task == null) {
            return false;
        }
        scene.statuses().put(new TaskId(name, id), RunStatus.of(RunState.RESTARTING));
        var _ = end(id, task, false);
        return true;
    }

    /** Ends everything. Completes when all has ended or was abandoned. */
    CompletableFuture<Void> end() {
        ending = true;
        List<CompletableFuture<Void>> endings = new ArrayList<>();
        tasks.values().forEach(task -> endings.add(stopOrAbandon(task)));
        endings.add(runner.stop());
        scene.afterStopTimeout(runner::abandon);
        return CompletableFuture.allOf(endings.toArray(CompletableFuture[]::new));
    }

    boolean ending() {
        return ending;
    }

    /** Where a running connector finds everything else. */
    interface Scene {

        TaskEnvironment environment();

        ConnectorFactory connectors();

        PipelineFactory pipelines();

        ConfigStore configs();

        StatusStore statuses();

        /** Returns when no task of an older set of the connector can write in transactions any more. */
        void fence(String name);

        /** No task of the connector has anything to do. */
        void idle(String name);

        /** Looks at the connector again, later and on the cluster's thread. */
        void reconcile(String name);

        void onClusterThread(Runnable work);

        /** Runs the work on the cluster's thread after a pause. */
        void later(Runnable work);

        /** Runs the work when whatever was asked to stop has had its time. */
        void afterStopTimeout(Runnable work);
    }
}
