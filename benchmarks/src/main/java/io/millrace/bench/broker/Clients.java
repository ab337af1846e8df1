package io.millrace.bench.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs clients side by side, each on a thread of its own. */
final class Clients {

    private static final double NANOS_PER_SECOND = 1e9;

    private Clients() {}

    /** One client's work. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Waits until all have done their work; gives the seconds that took.
     *
     * @throws IOException of the first that fails
     */
    static double run(List<? extends Work> clients) throws IOException, InterruptedException {
        List<Callable<Void>> calls = new ArrayList<>();
        for (Work client : clients) {
            calls.add(() -> {
                client.run();
                return null;
            });
        }
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            for (Future<Void> done : threads.invokeAll(calls)) {
                done.get();
            }
            return (System.nanoTime() - begin) / NANOS_PER_SECOND;
        } catch (ExecutionException e) {
            throw new IOException("a client failed: " + e.getCause(), e.getCause());
        }
    }
}
