package io.millrace.log.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A file system of its own, in a file, of which the power can be cut: it is shut down without writing back what it has
 * in memory, and mounted anew. What was synced is there then, and of the rest what the file system had written.
 */
final class LoopDisk implements AutoCloseable {

    private static final long BYTES = 1L << 30;
    private static final Duration UNMOUNT_MAX = Duration.ofSeconds(30);

    private final Path image;
    private final Path mount;
    private boolean mounted;

    private LoopDisk(Path image, Path mount) {
        this.image = image;
        this.mount = mount;
    }

    /**
     * Makes a disk, or skips the test and says why that cannot be done here.
     *
     * @param fileSystem xfs or ext4
     */
    static LoopDisk require(Path directory, String fileSystem) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount a file system: run as root");
        assumeTrue(Program.works(List.of("xfs_io", "-V")), "xfs_io is not installed: apt-get install xfsprogs");
        String make = "mkfs." + fileSystem;
        assumeTrue(Program.works(List.of(make, "-V")), make + " is not installed");
        LoopDisk disk = new LoopDisk(directory.resolve("disk.img"), Files.createDirectories(directory.resolve("disk")));
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        Program.run(List.of(make, "-q", disk.image.toString()), "");
        Program.Result mounting = disk.tryMount();
        assumeTrue(
                mounting.exitCode() == 0,
                "no loop device can be mounted here (" + mounting.output().trim() + "): try another machine");
        return disk;
    }

    /** Where it is mounted. */
    Path path() {
        return mount;
    }

    /** The file system stops: nothing that is not on the device by now gets there. Whoever uses it gets errors. */
    void cutPower() throws Exception {
        Program.run(List.of("xfs_io", "-x", "-c", "shutdown", mount.toString()), "");
    }

    /** Mounts it anew, as a machine that starts does. Nobody uses it any more. */
    void restorePower() throws Exception {
        unmount();
        Program.Result mounting = tryMount();
        if (mounting.exitCode() != 0) {
            throw new AssertionError("could not mount the disk again: " + mounting.output());
        }
    }

    private Program.Result tryMount() throws IOException, InterruptedException {
        Program.Result result = Program.tryRun(List.of("mount", "-o", "loop", image.toString(), mount.toString()), "");
        mounted = result.exitCode() == 0;
        return result;
    }

    private void unmount() {
        await().atMost(UNMOUNT_MAX)
                .until(() ->
                        Program.tryRun(List.of("umount", mount.toString()), "").exitCode() == 0);
        mounted = false;
    }

    @Override
    public void close() {
        if (mounted) {
            unmount();
        }
    }
}
