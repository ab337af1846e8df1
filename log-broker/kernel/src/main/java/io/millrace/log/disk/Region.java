package io.millrace.log.disk;

import java.nio.ByteBuffer;

/** A range of bytes in a file, kept readable until it is released. Released exactly once, by whoever sends it. */
public interface Region {

    /** Length in bytes. */
    int size();

    /** Reads from {@code offset} within the region until {@code into} is full or the region ends; returns the count. */
    int read(ByteBuffer into, int offset);

    void release();
}
