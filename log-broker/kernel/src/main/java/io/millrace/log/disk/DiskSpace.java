package io.millrace.log.disk;

/** Room on the device that holds the data directory, in bytes. */
public record DiskSpace(long totalBytes, long usableBytes) {}
