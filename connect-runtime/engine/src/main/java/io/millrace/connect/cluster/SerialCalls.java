package io.millrace.connect.cluster;

import io.millrace.connect.cluster.RequestRefused.Reason;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that a request waits for, but not for ever: on the cluster's thread, or on one of its own. */
final class SerialCalls {

    private static final long DEADLINE_SECONDS = 60;

    private final Executor clusterThread;

    SerialCalls(Executor clusterThread) {
        this.clusterThread = clusterThread;
    }

    /** Runs the work after all that was asked before. */
    <T> T onClusterThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        clusterThread.execute(task);
        return await("change the connectors", task);
    }

    /** Runs work that calls into a plugin, which may hang. */
    <T> T withDeadline(String what, Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("plugin-call").daemon(true).unstarted(() -> {
            try {
                done.complete(work.call());
            } catch (Exception | Error e) {
                done.completeExceptionally(e);
            }
        });
        thread.start();
        try {
            return await(what, done);
        } finally {
            thread.interrupt();
        }
    }

    /** Waits for work that somebody else does. */
    <T> T await(String what, Future<T> answer) {
        try {
            return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new RequestRefused(Reason.FAILED, "could not %s: %s".formatted(what, e.getCause()));
        } catch (TimeoutException e) {
            throw new RequestRefused(Reason.FAILED, "could not %s within %d seconds".formatted(what, DEADLINE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Reason.FAILED, "interrupted while trying to " + what);
        }
    }
}
