package io.millrace.connect.offset;

import io.millrace.connect.log.LogFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, for one source task, which records are on their way to the log, and so which source positions may be
 * committed: only those of batches that the log has acknowledged whole, with every batch before them.
 *
 * <p>A batch is what one {@code poll()} returned. It costs one entry, not one per record.
 *
 * <p><b>Threads.</b> Any: the task's thread opens batches, the log's threads acknowledge, a timer takes positions.
 */
public final class PositionLedger {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> open = new ArrayDeque<>();
    private final Map<Map<String, ?>, Map<String, ?>> committable = new HashMap<>();
    private long outstanding;
    private @Nullable LogFailure failure;

    /** The records of one poll. */
    public final class Batch {

        private final Map<Map<String, ?>, Map<String, ?>> positions;
        private final long openedMs = System.currentTimeMillis();
        private long unanswered;

        private Batch(Map<Map<String, ?>, Map<String, ?>> positions, long records) {
            this.positions = positions;
            this.unanswered = records;
        }

        /** One record is in the log, or was dropped on purpose. */
        public void acknowledge() {
            acknowledge(1);
        }

        /** So many records are in the log, or were dropped on purpose. */
        public void acknowledge(long records) {
            lock.lock();
            try {
                unanswered -= records;
                outstanding -= records;
                settle();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** One record did not reach the log: no position from here on may be committed. */
        public void fail(LogFailure cause) {
            lock.lock();
            try {
                outstanding--;
                if (failure == null) {
                    failure = cause;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Enters a batch, in the order of the polls.
     *
     * @param positions the last position in it, of each partition of the source
     * @param records how many acknowledgements it needs
     */
    public Batch open(Map<Map<String, ?>, Map<String, ?>> positions, long records) {
        Batch batch = new Batch(positions, records);
        lock.lock();
        try {
            open.add(batch);
            outstanding += records;
            settle();
        } finally {
            lock.unlock();
        }
        return batch;
    }

    private void settle() {
        while (!open.isEmpty() && open.peek().unanswered == 0) {
            committable.putAll(open.remove().positions);
        }
    }

    /** The positions that became committable since the last call, the latest of each source partition. */
    public Map<Map<String, ?>, Map<String, ?>> takeCommittable() {
        lock.lock();
        try {
            Map<Map<String, ?>, Map<String, ?>> taken = new HashMap<>(committable);
            committable.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until fewer than {@code limit} records are unanswered. Returns false when that takes longer than the
     * timeout, or a record has failed.
     */
    public boolean awaitFewerThan(long limit, long timeoutMs) {
        long leftNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        lock.lock();
        try {
            while (outstanding >= limit && failure == null && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return outstanding < limit && failure == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Since when the oldest batch waits for an answer, in milliseconds since the epoch; -1: none does. */
    public long waitsSinceMs() {
        lock.lock();
        try {
            Batch oldest = open.peek();
            return oldest == null ? -1 : oldest.openedMs;
        } finally {
            lock.unlock();
        }
    }

    /** Whether every batch is answered whole, and its positions were taken to be committed. */
    public boolean settled() {
        lock.lock();
        try {
            return open.isEmpty() && committable.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Throws what kept a record from the log, if anything did. */
    public void check() {
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }
}
