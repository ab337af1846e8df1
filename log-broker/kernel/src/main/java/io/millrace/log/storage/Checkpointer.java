package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
    RecoveryPoint writeAtEnd(
            List<Segment> segments, ProducerTable producers, LeaderEpochs epochs, long logStartOffset) {
        Segment active = segments.getLast();
        active.writeIndexes();
        snapshots.write(active.nextOffset(), producers);
        RecoveryPoint point = active.recoveryPointAtEnd();
        write(point, segments, epochs, logStartOffset);
        directory.sync();
        return point;
    }

    /** The snapshot of producers at {@code point} is there. Survives a power cut only after a sync of the directory. */
    void write(RecoveryPoint point, List<Segment> segments, LeaderEpochs epochs, long logStartOffset) {
        if (epochs.isDirty()) {
            epochs.write(directory);
            // A power cut may keep one name and lose the other: not the epochs, if it keeps the checkpoint.
            directory.sync();
        }
        snapshots.sync(point.offset());
        new LogCheckpoint(logStartOffset, point, snapshots.crcAt(point.offset()), aborted(point, segments))
                .write(directory);
    }

    private static SortedMap<Long, TransactionIndex.Summary> aborted(RecoveryPoint point, List<Segment> segments) {
        SortedMap<Long, TransactionIndex.Summary> aborted = new TreeMap<>();
        for (Segment segment : segments) {
            if (segment.baseOffset() > point.segment()) {
                break;
            }
            TransactionIndex index = segment.transactions();
            TransactionIndex.Summary summary =
                    segment.baseOffset() < point.segment() ? index.summary() : index.summaryBelow(point.offset());
            if (!summary.isEmpty()) {
                aborted.put(segment.baseOffset(), summary);
            }
        }
        return aborted;
    }
}
