package io.millrace.log.disk;

import java.util.List;

/**
 * The files of one broker, as the kernel sees them.
 *
 * <p>Paths are relative to the data directory, with {@code /} between names. Names below a directory are listed
 * in sorted order, so that nothing depends on the order of a real file system.
 *
 * <p><b>Durability.</b> Bytes that were appended are readable at once, and survive a crash of the process. Only what
 * a {@link DiskFile#sync()} that returned had covered survives a power cut; a created, renamed or deleted name
 * survives it only after {@link #syncDirectory}.
 *
 * <p><b>Errors.</b> Every method throws {@link DiskFailure}; a call that failed may have been done in part.
 *
 * <p><b>Threads.</b> A disk may be used by several loops at once, a {@link DiskFile} is used by the loop that opened
 * it, and by the one thread that syncs it.
 */
public interface Disk {

    /** Opens a file for reading and appending, and creates it, empty, if there is none. */
    DiskFile open(String path);

    boolean exists(String path);

    /** Names directly below {@code directory}, sorted; empty if there is no such directory. */
    List<String> list(String directory);

    /** Creates the directory and those above it; does nothing if it exists. */
    void createDirectories(String directory);

    /**
     * Moves in one step: a file, in place of whatever file stands at {@code to}; or a directory with all below it, none
     * of it open, to a name that is free.
     */
    void rename(String from, String to);

    /** Deletes a file or a directory with all below it; does nothing if there is none. */
    void delete(String path);

    DiskSpace space();

    /** Makes the names directly below {@code directory} durable. */
    void syncDirectory(String directory);
}
