package io.millrace.connect.task;

import io.millrace.connect.record.Progress;
import io.millrace.connect.record.Quietly;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one connector, the object that splits the work into tasks, on a platform thread of its own: one at a time, which
 * is not kept while there is nothing to do.
 *
 * <p><b>Threads.</b> Any thread may call; none of the methods blocks. All calls into the plugin are made on the
 * connector's thread.
 */
public final class ConnectorRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectorRunner.class);
    private static final String TASK_CONFIGS = "taskConfigs()";
    /** A connector that is asked nothing for so long lets go of its thread until it is. */
    private static final long THREAD_REST_SECONDS = 10;

    private static final String TASK_CLASS = "task.class";

    private final Spec spec;
    private final Lifecycle lifecycle;
    private final Progress progress = new Progress(System::currentTimeMillis);
    private final RetryPolicy retry;
    private final Consumer<List<Map<String, String>>> onTasks;
    private final ScheduledThreadPoolExecutor thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Made made;
    private long startedNanos;
    private RunStatus.@Nullable Retry lastFailure;
    private volatile boolean stopping;

    /**
     * What to run.
     *
     * @param config the connector's config
     * @param tasksMax how many tasks it may make
     * @param enforceTasksMax whether it fails when it makes more (KIP-1004)
     * @param loader the plugin's class loader: the context of everything that runs on the thread
     * @param connectors makes the plugin's connector
     */
    public record Spec(
            String name,
            Map<String, String> config,
            int tasksMax,
            boolean enforceTasksMax,
            ClassLoader loader,
            Supplier<Made> connectors) {}

    /**
     * A connector, initialised, with what it was given.
     *
     * @param context closed when the connector has been stopped
     */
    public record Made(Connector connector, Closeable context) {}

    /**
     * @param onTasks told of the configs of the tasks, each time they were asked for
     */
    public ConnectorRunner(
            Spec spec, Lifecycle lifecycle, RetryPolicy retry, Consumer<List<Map<String, String>>> onTasks) {
        this.spec = spec;
        this.lifecycle = lifecycle;
        this.retry = retry;
        this.onTasks = onTasks;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = Thread.ofPlatform()
                    .name("connector-" + spec.name())
                    .daemon(true)
                    .unstarted(work);
            made.setContextClassLoader(spec.loader());
            return made;
        });
        this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.thread.setKeepAliveTime(THREAD_REST_SECONDS, TimeUnit.SECONDS);
        this.thread.allowCoreThreadTimeOut(true);
    }

    /** How it is, and why. */
    public Condition condition() {
        return Condition.of(lifecycle.status(), progress);
    }

    /** Starts the connector, and asks it for its tasks. */
    public void start() {
        execute(this::startNow);
    }

    /** Starts the connector anew. */
    public void restart() {
        execute(() -> {
            lifecycle.moveTo(RunState.RESTARTING);
            lastFailure = null;
            stopNow();
            startNow();
        });
    }

    /** Lets go of the plugin's connector until the next start. */
    public void rest(RunState state) {
        execute(() -> {
            stopNow();
            lifecycle.moveTo(state);
        });
    }

    /** Asks the connector that runs, if any, for its tasks once more. */
    public void requestTasks() {
        execute(this::askForTasks);
    }

    /** A connector says that its tasks should be others. Counts for nothing once it has been stopped. */
    public void requestTasks(Connector from) {
        execute(() -> {
            if (runs(from)) {
                askForTasks();
            }
        });
    }

    /** A connector says that it cannot go on. Counts for nothing once it has been stopped. */
    public void raiseError(Connector from, Exception error) {
        execute(() -> {
            if (runs(from)) {
                fail(error);
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // The very object is meant, whatever a plugin takes for equal.
    private boolean runs(Connector asked) {
        Made running = made;
        return running != null && running.connector() == asked;
    }

    /** Asks the connector to end. Completes when it has, or when it was abandoned. */
    public CompletableFuture<Void> stop() {
        if (!stopping) {
            execute(() -> {
                stopNow();
                lifecycle.release();
                ended.complete(null);
            });
            stopping = true;
            thread.shutdown();
        }
        return ended;
    }

    /** Gives up on a connector that was asked to stop and has not ended. */
    public void abandon() {
        if (!ended.isDone()) {
            LOG.atWarn()
                    .addKeyValue("connector", spec.name())
                    .log("the connector did not end in time, it is abandoned");
            lifecycle.release();
            thread.shutdownNow();
            ended.complete(null);
        }
    }

    private void execute(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("connector", spec.name()).setCause(e).log("the connector has ended");
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            // A plugin may throw anything, also errors: none of it may pass without a status.
            fail(e);
        }
    }

    private void fail(Throwable error) {
        if (made != null && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos) > retry.maxMs()) {
            lastFailure = null;
        }
        LOG.atError().addKeyValue("connector", spec.name()).setCause(error).log("the connector failed");
        RunStatus.Retry next = retry.after(error, lastFailure);
        lastFailure = next;
        lifecycle.fail(error, next);
        if (!stopping && next.nextMs() != null) {
            var _ = thread.schedule(
                    () -> guarded(this::retryIfFailed), retry.delayMs(next.failures()), TimeUnit.MILLISECONDS);
        }
    }

    private void retryIfFailed() {
        if (lifecycle.status().state() == RunState.FAILED) {
            stopNow();
            startNow();
        }
    }

    private void startNow() {
        if (lifecycle.status().state() == RunState.FAILED) {
            lifecycle.moveTo(RunState.RESTARTING);
        }
        if (made == null) {
            Made next = progress.during("the constructor", spec.connectors()::get);
            made = next;
            startedNanos = System.nanoTime();
            progress.doing("start()", () -> next.connector().start(new HashMap<>(spec.config())));
        }
        askForTasks();
        lifecycle.moveTo(RunState.RUNNING);
    }

    private void stopNow() {
        Made running = made;
        made = null;
        if (running != null) {
            progress.doing("stop()", () -> Quietly.run("stop the connector", running.connector()::stop));
            Quietly.run("close the connector's context", running.context()::close);
        }
    }

    private void askForTasks() {
        Made asked = made;
        if (asked == null) {
            return;
        }
        Connector running = asked.connector();
        List<Map<String, String>> configs = progress.during(TASK_CONFIGS, () -> running.taskConfigs(spec.tasksMax()));
        if (configs == null) {
            throw new ConnectException(running.getClass().getName() + " returns nothing from taskConfigs()");
        }
        if (configs.size() > spec.tasksMax() && spec.enforceTasksMax()) {
            throw new ConfigException(
                    "the connector made %d tasks, tasks.max allows %d: raise it, or set tasks.max.enforce"
                            .formatted(configs.size(), spec.tasksMax()));
        }
        if (configs.isEmpty()) {
            progress.refused(TASK_CONFIGS, "the connector has made no tasks, it found nothing to do");
        } else {
            progress.accepted(TASK_CONFIGS);
        }
        String taskClass = running.taskClass().getName();
        List<Map<String, String>> complete = new ArrayList<>();
        for (Map<String, String> config : configs) {
            complete.add(complete(config, taskClass));
        }
        onTasks.accept(complete);
    }

    /** Adds what the runtime itself wants to find in a task's config. */
    private Map<String, String> complete(Map<String, String> config, String taskClass) {
        Map<String, String> complete = new HashMap<>(config);
        complete.put(TASK_CLASS, taskClass);
        for (String key : List.of("topics", "topics.regex")) {
            if (spec.config().containsKey(key)) {
                complete.put(key, spec.config().get(key));
            }
        }
        return complete;
    }

    /** The class of the tasks with this config. */
    static String taskClass(Map<String, String> taskConfig) {
        String name = taskConfig.get(TASK_CLASS);
        if (name == null) {
            throw new ConfigException(TASK_CLASS, null, "the config of the task names no class");
        }
        return name;
    }
}
