package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.util.List;

/**
 * Writes the files from which the next recovery begins, in an order in which a crash between two of them does no harm.
 */
final class Checkpointer {

    private final LogDirectory directory;
    private final ProducerSnapshots snapshots;

    Checkpointer(LogDirectory directory, ProducerSnapshots snapshots) {
        this.directory = directory;
        this.snapshots = snapshots;
    }

    /** Seals all segments but the last, whose records are durable, as far as that has not been done. */
    static void sealOlder(List<Segment> segments) {
        for (Segment segment : segments.subList(0, segments.size() - 1)) {
            if (!segment.isSealed()) {
                segment.writeIndexes();
                segment.indexFiles().forEach(DiskFile::sync);
                segment.seal();
            }
        }
    }

    /** Makes the end of the active segment, all of which is durable, the recovery point. */
    RecoveryPoint writeAtEnd(Segment active, ProducerTable producers, LeaderEpochs epochs, long logStartOffset) {
        active.writeIndexes();
        snapshots.write(active.nextOffset(), producers);
        RecoveryPoint point = active.recoveryPointAtEnd();
        write(point, epochs, logStartOffset);
        directory.sync();
        return point;
    }

    /** The snapshot of producers at {@code point} is there. Survives a power cut only after a sync of the directory. */
    void write(RecoveryPoint point, LeaderEpochs epochs, long logStartOffset) {
        if (epochs.isDirty()) {
            epochs.write(directory);
            // A power cut may keep one name and lose the other: not the epochs, if it keeps the checkpoint.
            directory.sync();
        }
        new LogCheckpoint(logStartOffset, point).write(directory);
    }
}
