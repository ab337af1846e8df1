package io.millrace.log.storage;

/**
 * What {@link PartitionLog#open} had to do.
 *
 * @param scannedBytes stored bytes whose CRC was checked; 0 after a clean shutdown
 * @param truncatedBytes bytes cut off behind the last whole batch: a write that a crash cut short, or records that had
 *     not reached the disk when the power failed
 * @param reason what was wrong with the first byte cut off, empty if nothing was
 */
public record Recovery(long scannedBytes, long truncatedBytes, String reason) {}
