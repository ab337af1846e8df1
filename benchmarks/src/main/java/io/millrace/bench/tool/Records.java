package io.millrace.bench.tool;

/** How many records of which size. */
public record Records(long count, int bytes) {}
