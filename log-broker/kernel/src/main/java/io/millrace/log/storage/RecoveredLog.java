package io.millrace.log.storage;

import java.util.List;

/**
 * What recovery found, and everything a log needs to go on.
 *
 * @param segments ascending, the last is the active one; all of their records are durable
 * @param recoveryPoint as it stands in the checkpoint
 */
record RecoveredLog(
        List<Segment> segments,
        LeaderEpochs epochs,
        ProducerTable producers,
        long logStartOffset,
        RecoveryPoint recoveryPoint,
        Recovery report) {}
