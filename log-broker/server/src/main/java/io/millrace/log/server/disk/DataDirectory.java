package io.millrace.log.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of one broker, locked for this process from {@link #open} to {@link #close}. The lock belongs to
 * the process, so that a crash of any kind frees it; the file {@code .lock} stays, and holds the last owner's process
 * id.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = ".lock";

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if there is none, and locks it.
     *
     * @throws DataDirectoryInUseException if somebody holds the lock
     * @throws IOException if the directory or its lock file cannot be written
     */
    public static DataDirectory open(Path directory) throws IOException, DataDirectoryInUseException {
        Path path = directory.toAbsolutePath().normalize();
        Files.createDirectories(path);
        FileChannel channel = FileChannel.open(
                path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            if (tryLock(channel) == null) {
                throw new DataDirectoryInUseException(path, owner(channel));
            }
            writeOwner(channel);
            locked = true;
            return new DataDirectory(path, channel);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        RealFile.readFully(channel, text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).trim();
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }

    private static void writeOwner(FileChannel channel) throws IOException {
        String pid = ProcessHandle.current().pid() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
