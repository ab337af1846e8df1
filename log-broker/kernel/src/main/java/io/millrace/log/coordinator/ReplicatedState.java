package io.millrace.log.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
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
     * @param value null for a tombstone
     * @throws org.apache.kafka.common.protocol.types.SchemaException if the record is of a known kind but damaged
     */
    void replay(ByteBuffer key, @Nullable ByteBuffer value);

    /** All records were replayed. */
    List<Decision> loaded(long nowMs);

    /** Everyone who waits must be told {@code error} now; nothing follows. */
    void unloaded(Errors error);
}
