package io.millrace.log.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * The state that a coordinator keeps in one partition of its internal topic, and its decisions.
 *
 * <p>Life cycle: made empty; {@link #replay} once for each record of the partition; {@link #loaded}; then events, which
 * the state answers with {@link Decision}s, and {@link #replay} for each record that a decision brought to the log; at
 * the end {@link #unloaded}. A state that was unloaded is dropped, and a later one starts empty.
 *
 * <p>Deciding leaves alone what is replicated: that changes in {@link #replay} only. So a record that could not be
 * appended has changed nothing. What is not replicated (members that wait, timers) is the state's own affair, and is
 * put right in {@link Outcome#failed}.
 */
public interface ReplicatedState {

    /**
     * Applies one record; passes over one of a kind that it does not know, which a later version wrote.
     *
     * @param offset where the record stands in the log
     * @param value null for a tombstone
     * @throws SchemaException if the record is of a known kind but damaged
     */
    void replay(long offset, ByteBuffer key, @Nullable ByteBuffer value);

    /**
     * Takes note of one record of a producer's transaction. It counts if {@link #replayEnd} says that the transaction
     * is committed.
     *
     * @throws SchemaException if the record is damaged, or this state is none that transactions write to
     */
    default void replayTransactional(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
        throw new SchemaException("the record at offset " + offset + " belongs to a transaction of producer "
                + producerId + ", and this log takes none");
    }

    /** The transaction that a producer had open in this log, if any, is over. */
    default void replayEnd(long producerId, boolean committed) {}

    /** All records were replayed. */
    List<Decision> loaded(long nowMs);

    /** Everyone who waits must be told {@code error} now; nothing follows. */
    void unloaded(Errors error);
}
