package io.millrace.connector.s3;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A folder of this machine: drafts are hidden files beside the finished ones, and get their name when they are on disk.
 */
final class FolderStore implements ObjectStore {

    private static final String DRAFT_SUFFIX = ".draft";

    private final Path root;

    /**
     * @throws ConnectException when the folder cannot be made or written
     */
    FolderStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw failure("make the folder", root, e);
        }
        if (!Files.isWritable(root)) {
            throw new ConnectException(
                    "The folder " + root + " of store.url cannot be written: change its permissions");
        }
    }

    /** Also sweeps the drafts that a crash left behind: who asks for the last offset takes the partition over. */
    @Override
    public OptionalLong lastOffset(ObjectNames names) {
        Path folder = root.resolve(names.folder());
        if (!Files.isDirectory(folder)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> found =
                    files.map(file -> root.relativize(file).toString()).toList();
            for (String draft : found) {
                if (draft.startsWith(names.folder() + "." + names.stem()) && draft.endsWith(DRAFT_SUFFIX)) {
                    Files.deleteIfExists(root.resolve(draft));
                }
            }
            Optional<String> last = names.last(found);
            return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of(endOffset(root.resolve(last.get())));
        } catch (IOException e) {
            throw failure("read", folder, e);
        }
    }

    @Override
    public Draft draft(String name) throws IOException {
        Path target = root.resolve(name);
        Path path = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + DRAFT_SUFFIX);
        try {
            makeFolder(path.resolveSibling(".").normalize());
            return new Draft(
                    name,
                    FileChannel.open(
                            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    path);
        } catch (AccessDeniedException e) {
            throw failure("write", path, e);
        }
    }

    @Override
    public long publish(Draft draft, long endOffset) {
        Path target = root.resolve(draft.name());
        Path path = java.util.Objects.requireNonNull(draft.path());
        try {
            draft.file().force(true);
            boolean ours = name(path, target);
            draft.file().close();
            sync(path.resolveSibling("."));
            return ours ? endOffset : endOffset(target);
        } catch (NoSuchFileException e) {
            throw new ConnectException(
                    "The draft of " + target + " is gone: another task has taken the partition over", e);
        } catch (IOException e) {
            throw failure("write", target, e);
        }
    }

    @Override
    public void close() {}

    /** Gives a finished draft its name unless the name is taken, in one step where the file system has hard links. */
    private static boolean name(Path draft, Path target) throws IOException {
        try {
            Files.createLink(target, draft);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileAlreadyExistsException e) {
            Files.delete(draft);
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(target)) {
                Files.deleteIfExists(draft);
                return false;
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        Files.delete(draft);
        return true;
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.resolve("..").normalize();
        makeFolder(parent);
        Files.createDirectories(folder);
        sync(parent);
    }

    /** A name is on disk when its directory is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static long endOffset(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            OptionalLong end = file.toString().endsWith(".parquet")
                    ? ParquetRows.endOffset(channel)
                    : JsonRows.endOffset(channel, file.toString().endsWith(".gz"));
            return end.orElseThrow(() -> new ConnectException("The file " + file
                    + " does not say at which offset it ends, so it is not of this connector: move it away, or set"
                    + " another topics.dir"));
        }
    }

    private static ConnectException failure(String what, Path path, IOException e) {
        String why = e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
        return new ConnectException("Cannot " + what + " " + path + ": " + why, e);
    }
}
