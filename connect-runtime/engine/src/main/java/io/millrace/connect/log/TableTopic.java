package io.millrace.connect.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A compacted topic, followed for as long as it is open: a table that all who follow it see alike.
 *
 * <p><b>Life cycle.</b> Opened through {@link LogClient#openTable}: when that returns, everything that stood in the
 * topic has been given to the listener, up to the first transaction that is open. From then on a thread of the table
 * gives it every further record.
 *
 * <p><b>Threads.</b> Any thread may use a table. The listener is called by one thread at a time.
 */
public interface TableTopic extends AutoCloseable {

    /** Takes in the records of the topic, in order within each partition. */
    @FunctionalInterface
    interface Listener {

        /** Must not throw for a record it cannot read, and must not block. */
        void accept(StoredRecord record);
    }

    /**
     * Sets the value of a key; null deletes it. Completes when the log has it, exceptionally with a
     * {@link LogFailure} when it is not known to have it. The listener sees it later, like any other record.
     */
    CompletableFuture<AppendedAt> put(byte[] key, byte @Nullable [] value);

    /**
     * Returns when the listener has seen everything that the topic held at the time of the call. Records of a
     * transaction that is still open belong to that: its end is waited for.
     *
     * @throws LogFailure when that takes longer than {@code timeout}
     */
    void readToEnd(Duration timeout);

    @Override
    void close();
}
