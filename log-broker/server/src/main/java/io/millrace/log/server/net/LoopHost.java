package io.millrace.log.server.net;

import io.millrace.log.metadata.MetadataRecord;
import java.util.List;

/** What a loop needs of the broker around it. Called from the loop's thread. */
public interface LoopHost {

    /** Appends to the metadata log; the outcome comes back to the loop as an event of its own. */
    void propose(int shard, long proposal, List<MetadataRecord> records);

    /** The loop has met a bug, or a failure that it must not survive: the node has to stop. Called at most once. */
    void stopNode(String where, Throwable cause);
}
