package io.millrace.log.simulation;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.DiskSpace;
import io.millrace.log.disk.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that counts the operations that change something, and ends the process, or fails, at one of them. */
final class CrashingDisk implements Disk {

    /** The process ended here. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final Disk disk;
    private long operationsLeft = NEVER;
    private boolean fails;

    CrashingDisk(Disk disk) {
        this.disk = disk;
    }

    /** The process ends before the operation after so many more. */
    void crashAfter(long operations) {
        operationsLeft = operations;
        fails = false;
    }

    /** One operation fails as BROKEN, after so many more that do not. */
    void failAfter(long operations) {
        operationsLeft = operations;
        fails = true;
    }

    void calm() {
        operationsLeft = NEVER;
    }

    private void operation() {
        if (operationsLeft == NEVER) {
            return;
        }
        if (operationsLeft-- > 0) {
            return;
        }
        calm();
        if (fails) {
            throw new DiskFailure(DiskFailure.Kind.BROKEN, "the device failed", new IOException("injected"));
        }
        throw new Crash();
    }

    @Override
    public DiskFile open(String path) {
        return new CrashingFile(disk.open(path));
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(String directory) {
        operation();
        disk.createDirectories(directory);
    }

    @Override
    public void rename(String from, String to) {
        operation();
        disk.rename(from, to);
    }

    @Override
    public void delete(String path) {
        operation();
        disk.delete(path);
    }

    @Override
    public DiskSpace space() {
        return disk.space();
    }

    @Override
    public void syncDirectory(String directory) {
        operation();
        disk.syncDirectory(directory);
    }

    private final class CrashingFile implements DiskFile {

        private final DiskFile file;

        CrashingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void append(ByteBuffer bytes) {
            operation();
            file.append(bytes);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return file.read(into, position);
        }

        @Override
        public void truncate(long size) {
            operation();
            file.truncate(size);
        }

        @Override
        public void rewrite(long position) {
            operation();
            file.rewrite(position);
        }

        @Override
        public void sync() {
            operation();
            file.sync();
        }

        @Override
        public Region region(long position, int length) {
            return file.region(position, length);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
