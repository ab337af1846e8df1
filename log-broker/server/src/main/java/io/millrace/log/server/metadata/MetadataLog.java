package io.millrace.log.server.metadata;

import io.millrace.log.metadata.MetadataRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one replicated log of the cluster's metadata: batches go in on any thread, and come out committed, on every
 * broker in the same order.
 *
 * <p><b>Life cycle.</b> Opened with its {@link Listener}, which hears the newest snapshot first and then every batch
 * behind it. {@link #caughtUp} completes when all that was committed before the start has been heard, and batches can
 * be appended. After {@link Listener#failed} nothing more is committed: the node has to stop. {@link #close} waits
 * for what is under way.
 */
public interface MetadataLog extends AutoCloseable {

    /** Completes once; exceptionally if the log cannot be read or no leader is found. */
    CompletableFuture<Void> caughtUp();

    /** In which this broker leads the log; grows with every start. Known once {@link #caughtUp} has completed. */
    int epoch();

    /**
     * Appends one batch, which is committed as a whole or not at all.
     *
     * @param origin given back to the listener of this very log with the committed batch; null if nobody waits for it
     * @return completes with null once the batch is committed, after the listener has heard it; else with the reason
     *     why it was not, or why that is not known
     */
    CompletableFuture<@Nullable String> append(@Nullable Origin origin, List<MetadataRecord> records);

    @Override
    void close();

    /**
     * Who proposed a batch.
     *
     * @param shard of this broker
     * @param proposal the shard's own number for it
     */
    record Origin(int shard, long proposal) {}

    /** Hears the committed batches, on one thread at a time. */
    interface Listener {

        /**
         * One batch, or the snapshot that stands for all batches up to {@code index}.
         *
         * @param index grows by one from batch to batch
         * @param origin null unless this log, in this run of the process, was given the batch with an origin
         */
        void committed(long index, @Nullable Origin origin, List<MetadataRecord> records);

        /** The log cannot go on; said once. */
        void failed(Throwable cause);
    }
}
