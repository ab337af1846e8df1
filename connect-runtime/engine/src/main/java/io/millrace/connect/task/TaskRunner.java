package io.millrace.connect.task;

import io.millrace.connect.record.Patience;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task on a platform thread of its own, and tries again when it fails.
 *
 * <p><b>Life cycle.</b> {@link #start()} once, then {@link #pause} and {@link #resume} as often as wanted, then
 * {@link #stop()}. A task that does not come back from its plugin within the time it is given after {@code stop()} is
 * abandoned: its thread, a daemon, is interrupted and left alone, and what it still does no longer reaches the log.
 *
 * <p><b>Threads.</b> Any thread may call; none of the methods blocks.
 */
public final class TaskRunner {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
    private static final long IDLE_TURN_MS = 100;

    private final String name;
    private final Function<Patience, Pipeline> pipelines;
    private final Lifecycle lifecycle;
    private final Progress progress;
    private final RetryPolicy retry;
    private final Duration stopTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final java.util.concurrent.locks.Condition changed = lock.newCondition();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable Pipeline pipeline;
    private volatile boolean stopping;
    private volatile boolean paused;
    private RunStatus.@Nullable Retry lastFailure;

    /**
     * What others see of a task.
     *
     * @param lifecycle its states
     * @param progress what it is doing
     */
    public record Watched(Lifecycle lifecycle, Progress progress) {}

    /**
     * @param name names the thread
     * @param loader the plugin's class loader: the context of everything that runs on the thread
     * @param pipelines makes a pipeline, on the task's thread, for each try; given how to wait
     * @param watched what comes of it
     * @param retry when it is tried again
     * @param stopTimeout how long the end of a try may wait for the log
     */
    public TaskRunner(
            String name,
            ClassLoader loader,
            Function<Patience, Pipeline> pipelines,
            Watched watched,
            RetryPolicy retry,
            Duration stopTimeout) {
        this.name = name;
        this.pipelines = pipelines;
        this.lifecycle = watched.lifecycle();
        this.progress = watched.progress();
        this.retry = retry;
        this.stopTimeout = stopTimeout;
        this.thread = Thread.ofPlatform().name("task-" + name).daemon(true).unstarted(this::run);
        this.thread.setContextClassLoader(loader);
    }

    /** How it is, and why. */
    public Condition condition() {
        return Condition.of(lifecycle.status(), progress);
    }

    /** How far a sink was given records: the offset after the last, of each partition. */
    public Map<TopicPartition, Long> delivered() {
        return progress.delivered();
    }

    public void start() {
        thread.start();
    }

    public void pause() {
        change(() -> paused = true);
    }

    public void resume() {
        change(() -> paused = false);
    }

    /** Asks the task to end. Completes when its thread has, or when it was abandoned. */
    public CompletableFuture<Void> stop() {
        change(() -> stopping = true);
        return ended;
    }

    private void change(Runnable set) {
        lock.lock();
        try {
            set.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Pipeline current = pipeline;
        if (current != null) {
            current.wakeup();
        }
    }

    /** Gives up on a task that was asked to stop and has not ended. */
    public void abandon() {
        if (ended.isDone()) {
            return;
        }
        LOG.atWarn().addKeyValue("task", name).log("the task did not end in time, it is abandoned");
        lifecycle.release();
        Pipeline current = pipeline;
        if (current != null) {
            current.abort();
        }
        thread.interrupt();
        ended.complete(null);
    }

    private void run() {
        try {
            do {
                runOnce();
            } while (awaitNextTry());
        } finally {
            lifecycle.release();
            ended.complete(null);
        }
    }

    private void runOnce() {
        boolean healthy = false;
        long startedNanos = System.nanoTime();
        try {
            progress.begins();
            Pipeline made = progress.during("the making", () -> pipelines.apply(this::await));
            pipeline = made;
            // Not in the place of its successor, if it was abandoned while it was made.
            if (!stopping) {
                made.start();
                cycle(made);
                healthy = true;
            }
        } catch (Throwable e) {
            // A plugin may throw anything, also errors: none of it may end the thread without a status.
            fail(e, startedNanos);
        }
        Pipeline current = pipeline;
        if (current != null) {
            current.stop(healthy, stopTimeout);
            pipeline = null;
        }
    }

    private void fail(Throwable error, long startedNanos) {
        if (stopping) {
            LOG.atWarn().addKeyValue("task", name).setCause(error).log("the task failed while it was ending");
            return;
        }
        boolean ranWell = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos) > retry.maxMs();
        RunStatus.Retry next = retry.after(error, ranWell ? null : lastFailure);
        lastFailure = next;
        LOG.atError().addKeyValue("task", name).setCause(error).log("the task failed");
        lifecycle.fail(error, next);
    }

    private void cycle(Pipeline running) {
        while (!stopping) {
            boolean hold = paused;
            lifecycle.moveTo(hold ? RunState.PAUSED : RunState.RUNNING);
            if (hold) {
                running.idle();
                await(IDLE_TURN_MS);
            } else {
                running.step();
            }
        }
    }

    /** Waits until it is time for the next try. Returns false when there shall be none. */
    private boolean awaitNextTry() {
        boolean failed = lifecycle.status().state() == RunState.FAILED;
        lock.lock();
        try {
            RunStatus.Retry last = failed ? lastFailure : null;
            boolean forGood = last != null && last.nextMs() == null;
            long leftNanos = last == null ? 0 : TimeUnit.MILLISECONDS.toNanos(retry.delayMs(last.failures()));
            while (!stopping && (forGood || leftNanos > 0)) {
                if (forGood) {
                    changed.await();
                } else {
                    leftNanos = changed.awaitNanos(leftNanos);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
        if (!stopping) {
            lifecycle.moveTo(RunState.RESTARTING);
        }
        return !stopping;
    }

    /** Waits so long, or until something is asked of the task. Returns false when it is to end this try. */
    private boolean await(long milliseconds) {
        lock.lock();
        try {
            boolean wanted = paused;
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(milliseconds);
            while (!stopping && paused == wanted && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
        return !stopping;
    }
}
