package io.millrace.connect.source;

import io.millrace.connect.offset.ConnectorPositions;
import io.millrace.connect.offset.PositionLedger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the positions that the ledger says are safe, at every tick of the worker's timer, so that a source that
 * blocks in {@code poll()} does not hold them back. One write is under way at a time; what failed goes with the next.
 *
 * <p><b>Threads.</b> {@link #flush()} on the timer's thread, the rest on the task's.
 */
public final class CommitStage {

    private static final Logger LOG = LoggerFactory.getLogger(CommitStage.class);

    private final String connector;
    private final PositionLedger ledger;
    private final ConnectorPositions store;
    private final Map<Map<String, ?>, Map<String, ?>> unwritten = new HashMap<>();
    private final AtomicBoolean flushed = new AtomicBoolean();
    private @Nullable CompletableFuture<Void> write;
    private boolean aborted;

    public CommitStage(String connector, PositionLedger ledger, ConnectorPositions store) {
        this.connector = connector;
        this.ledger = ledger;
        this.store = store;
    }

    PositionLedger ledger() {
        return ledger;
    }

    /** Starts a write of what is committable now, unless one is under way. Does not block. */
    public synchronized void flush() {
        if (aborted || (write != null && !write.isDone())) {
            return;
        }
        unwritten.putAll(ledger.takeCommittable());
        if (unwritten.isEmpty()) {
            flushed.set(true);
            return;
        }
        Map<Map<String, ?>, Map<String, ?>> written = new HashMap<>(unwritten);
        write = store.write(written).whenComplete((done, failure) -> settle(written, failure));
    }

    private synchronized void settle(Map<Map<String, ?>, Map<String, ?>> written, @Nullable Throwable failure) {
        if (failure == null) {
            written.forEach(unwritten::remove);
            flushed.set(true);
        } else {
            LOG.atWarn()
                    .addKeyValue("connector", connector)
                    .setCause(failure)
                    .log("positions were not committed, trying again at the next flush");
        }
    }

    /** Whether no position waits to be committed that was taken from the ledger. */
    synchronized boolean settled() {
        return unwritten.isEmpty();
    }

    /** Whether positions were committed since the last call; then the source is to be told. */
    boolean takeFlushed() {
        return flushed.getAndSet(false);
    }

    /** Commits what is committable, and returns when that is done or the time is up. */
    void flushAndWait(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        await(deadlineNanos);
        flush();
        await(deadlineNanos);
    }

    private void await(long deadlineNanos) throws InterruptedException {
        CompletableFuture<Void> running = running();
        if (running == null) {
            return;
        }
        try {
            running.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("the failed write was logged when it was settled");
        } catch (TimeoutException e) {
            LOG.atWarn().addKeyValue("connector", connector).log("positions were not committed in time");
        }
    }

    private synchronized @Nullable CompletableFuture<Void> running() {
        return write;
    }

    /** No position is committed any more. */
    synchronized void abort() {
        aborted = true;
    }
}
