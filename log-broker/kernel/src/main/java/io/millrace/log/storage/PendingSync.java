package io.millrace.log.storage;

import io.millrace.log.disk.DiskFile;
import java.util.List;

/**
 * What must reach the disk so that a prefix of a log is durable. Made by {@link PartitionLog#pendingSync()}, and given
 * back to {@link PartitionLog#synced} when every file of it was synced after it was made.
 *
 * @param belowOffset every record below it is covered
 * @param files in the order of their offsets; empty if everything is durable already
 */
public record PendingSync(long belowOffset, List<DiskFile> files) {

    public boolean isEmpty() {
        return files.isEmpty();
    }
}
