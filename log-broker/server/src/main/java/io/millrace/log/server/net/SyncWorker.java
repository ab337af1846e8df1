package io.millrace.log.server.net;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes files durable on a thread of its own, so that the loop goes on while the disk works. Syncs run one after the
 * other, in the order they were asked for; their number is bounded by the shard, which asks once for each file and
 * waits.
 */
final class SyncWorker {

    private static final Task STOP = new Task(-1, null);

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Results results;

    /** Null stands for the end of the worker. */
    private record Task(long ticket, @Nullable DiskFile file) {}

    /** Hears of each sync, on the worker's thread. */
    interface Results {

        void synced(long ticket, long nanos);

        void failed(long ticket, DiskFailure cause);

        void crashed(Throwable bug);
    }

    SyncWorker(String name, Results results) {
        this.results = results;
        Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    void submit(long ticket, DiskFile file) {
        tasks.add(new Task(ticket, file));
    }

    /** Ends the thread after what was submitted before. */
    void stop() {
        tasks.add(STOP);
    }

    private void run() {
        try {
            DiskFile file = null;
            do {
                Task task = tasks.take();
                file = task.file();
                if (file != null) {
                    sync(task.ticket(), file);
                }
            } while (file != null);
        } catch (InterruptedException | RuntimeException bug) {
            results.crashed(bug);
        }
    }

    private void sync(long ticket, DiskFile file) {
        long start = System.nanoTime();
        try {
            file.sync();
        } catch (DiskFailure e) {
            results.failed(ticket, e);
            return;
        }
        results.synced(ticket, System.nanoTime() - start);
    }
}
