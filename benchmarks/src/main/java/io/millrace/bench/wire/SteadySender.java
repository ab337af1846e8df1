package io.millrace.bench.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends by the clock, on a thread of its own. A request counts from when it was due, or from when the thread woke up
 * for it, as that is the client's own lateness; but never from later because the one before could not be sent.
 */
final class SteadySender implements AutoCloseable {

    /** Sends one request. */
    interface Sending {
        void send() throws IOException;
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** A send that takes longer was held up by the broker. */
    private static final long HELD_UP_NANOS = 1_000_000;

    private final Sending sending;
    private final long intervalNanos;
    private final AtomicLongArray due;
    private final FutureTask<Void> work = new FutureTask<>(this::run, null);
    private final Thread thread = new Thread(work, "steady-sender");

    SteadySender(Sending sending, int requests, int perSecond) {
        this.sending = sending;
        this.intervalNanos = NANOS_PER_SECOND / perSecond;
        this.due = new AtomicLongArray(requests);
        thread.start();
    }

    /** When a request was due; it must have been sent. */
    long dueNanos(int request) {
        return due.get(request);
    }

    private void run() {
        long next = System.nanoTime();
        boolean heldUp = false;
        for (int i = 0; i < due.length() && !Thread.currentThread().isInterrupted(); i++) {
            long now = awaitNanos(next);
            due.set(i, heldUp ? next : now);
            send();
            heldUp = System.nanoTime() - now > HELD_UP_NANOS;
            next += intervalNanos;
        }
    }

    private static long awaitNanos(long time) {
        long now = System.nanoTime();
        while (now < time && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(time - now);
            now = System.nanoTime();
        }
        return now;
    }

    private void send() {
        try {
            sending.send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until all was sent. */
    void join() throws IOException {
        try {
            work.get();
        } catch (ExecutionException e) {
            throw new IOException("requests could not be sent", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while requests were sent", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
