package io.millrace.log.server.disk;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.DiskSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below one directory of the local file system. Holds no state of its own and may be shared by all loops.
 *
 * <p>A file that is closed or deleted while regions of it are still to be sent keeps its descriptor until the last of
 * them is released, as {@link io.millrace.log.disk.Region} promises.
 */
public final class RealDisk implements Disk {

    /** What a file of records has in its name, also while compaction writes it. */
    private static final String RECORDS = ".log";

    private final Path root;
    private final SpaceReserve reserve;

    /** @param root the data directory, which must exist */
    public RealDisk(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.reserve = new SpaceReserve(this.root);
    }

    @Override
    public DiskFile open(String path) {
        Path file = resolve(path);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            SpaceReserve keptFree = path.contains(RECORDS) ? reserve : null;
            return new RealFile(path, new FileHandle(channel, file), channel.size(), keptFree);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw DiskErrors.failed("open", file, e);
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public List<String> list(String directory) {
        Path path = resolve(directory);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(path)) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw DiskErrors.failed("list", path, e);
        }
    }

    @Override
    public void createDirectories(String directory) {
        Path path = resolve(directory);
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw DiskErrors.failed("create", path, e);
        }
    }

    @Override
    public void rename(String from, String to) {
        Path source = resolve(from);
        try {
            Files.move(source, resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw DiskErrors.failed("rename", source, e);
        }
    }

    @Override
    public void delete(String path) {
        Path target = resolve(path);
        if (!Files.exists(target)) {
            return;
        }
        try {
            Files.walkFileTree(target, new DeleteAll());
        } catch (IOException e) {
            throw DiskErrors.failed("delete", target, e);
        }
    }

    @Override
    public DiskSpace space() {
        try {
            FileStore store = Files.getFileStore(root);
            return new DiskSpace(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            throw DiskErrors.broken("look at the space of", root, e);
        }
    }

    @Override
    public void syncDirectory(String directory) {
        Path path = resolve(directory);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw DiskErrors.broken("sync directory", path, e);
        }
    }

    private Path resolve(String path) {
        Path resolved = root.resolve(path).normalize();
        if (!resolved.startsWith(root)) {
            throw new IllegalArgumentException("path leads out of the data directory: " + path);
        }
        return resolved;
    }

    private static void closeAfter(IOException failure, @Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static final class DeleteAll extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
