package io.millrace.log.storage;

/**
 * What {@link PartitionLog#open} had to do.
 *
 * @param scannedBytes stored bytes whose CRC was checked; 0 after a clean shutdown
 * @param truncatedBytes bytes cut off behind the last whole batch: a write that a crash cut short, or records that had
 *     not reached the disk when the power failed
 * @param reason what was wrong with the first byte cut off, with file and position; empty if nothing was
 * @param lostOffsets how many offsets at the end are gone although they had been durable: the disk has lost or changed
 *     what it had confirmed
 */
public record Recovery(long scannedBytes, long truncatedBytes, String reason, long lostOffsets) {

    /** Whether anything was taken from the log that an operator should hear of. */
    public boolean hasCut() {
        return truncatedBytes > 0 || lostOffsets > 0;
    }
}
