package io.millrace.bench.micro;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.DiskSpace;
import io.millrace.log.disk.Region;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that knows the lengths of files and nothing of their content: what remains is the work of the log itself. */
final class ForgetfulDisk implements Disk {

    @Override
    public DiskFile open(String path) {
        return new ForgetfulFile(path);
    }

    @Override
    public boolean exists(String path) {
        return false;
    }

    @Override
    public List<String> list(String directory) {
        return List.of();
    }

    @Override
    public void createDirectories(String directory) {}

    @Override
    public void rename(String from, String to) {}

    @Override
    public void delete(String path) {}

    @Override
    public DiskSpace space() {
        return new DiskSpace(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void syncDirectory(String directory) {}

    private static final class ForgetfulFile implements DiskFile {

        private final String path;
        private long size;

        ForgetfulFile(String path) {
            this.path = path;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void append(ByteBuffer bytes) {
            size += bytes.remaining();
            bytes.position(bytes.limit());
        }

        @Override
        public int read(ByteBuffer into, long position) {
            throw new UnsupportedOperationException("what was written to " + path + " is forgotten");
        }

        @Override
        public void truncate(long newSize) {
            size = newSize;
        }

        @Override
        public void rewrite(long position) {}

        @Override
        public void sync() {}

        @Override
        public Region region(long position, int length) {
            throw new UnsupportedOperationException("what was written to " + path + " is forgotten");
        }

        @Override
        public void close() {}
    }
}
