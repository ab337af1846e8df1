package io.millrace.log.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.Region;
import io.millrace.log.simulation.DiskContract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest extends DiskContract {

    @TempDir
    Path directory;

    private RealDisk disk;

    @Override
    protected Disk disk() {
        return disk;
    }

    @BeforeEach
    void open() {
        disk = new RealDisk(directory);
    }

    @Test
    void readsBackWhatWasAppendedAlsoAfterReopening() {
        try (DiskFile file = disk.open("a.log")) {
            file.append(bytes("hello "));
            file.append(bytes("world"));
            file.sync();
            assertThat(text(file, 3, 100)).isEqualTo("lo world");
        }
        try (DiskFile file = disk.open("a.log")) {
            assertThat(file.size()).isEqualTo(11);
            assertThat(text(file, 0, 5)).isEqualTo("hello");
            assertThat(text(file, 11, 5)).isEmpty();
        }
    }

    @Test
    void appendsAfterTheCutOfATruncation() {
        try (DiskFile file = disk.open("a.log")) {
            file.append(bytes("hello world"));
            file.truncate(6);
            file.append(bytes("you"));
            assertThat(text(file, 0, 100)).isEqualTo("hello you");
        }
    }

    @Test
    void regionOutlivesCloseAndDeletionOfItsFile() {
        DiskFile file = disk.open("a.log");
        file.append(bytes("hello world"));
        Region region = file.region(6, 5);
        file.close();
        disk.delete("a.log");

        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(region.read(into, 1)).isEqualTo(4);
        assertThat(new String(into.array(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("orld");
        FileRange range = (FileRange) region;
        assertThat(range.channel().isOpen()).isTrue();
        region.release();
        assertThat(range.channel().isOpen()).isFalse();
        assertThatThrownBy(region::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesRegionsBeyondTheEnd() {
        try (DiskFile file = disk.open("a.log")) {
            file.append(bytes("hello"));
            assertThatThrownBy(() -> file.region(3, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void listsNamesSortedAndDeletesTrees() {
        disk.createDirectories("t/b");
        disk.createDirectories("t/a");
        disk.open("t/a/2").close();
        disk.open("t/a/1").close();
        assertThat(disk.list("t")).containsExactly("a", "b");
        assertThat(disk.list("t/a")).containsExactly("1", "2");
        assertThat(disk.list("none")).isEmpty();
        disk.syncDirectory("t/a");
        disk.delete("t");
        disk.delete("t");
        assertThat(disk.exists("t")).isFalse();
    }

    @Test
    void renamesInPlaceOfAnotherFile() {
        try (DiskFile file = disk.open("new")) {
            file.append(bytes("new"));
        }
        disk.open("old").close();
        disk.rename("new", "old");
        assertThat(disk.exists("new")).isFalse();
        try (DiskFile file = disk.open("old")) {
            assertThat(text(file, 0, 10)).isEqualTo("new");
        }
    }

    @Test
    void reportsAFullDiskAsFullAndKeepsWhatWasThere() {
        // /dev/full accepts an open and answers every write with ENOSPC, as a full file system does.
        assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full to fake a full device");
        RealDisk devices = new RealDisk(Path.of("/dev"));
        try (DiskFile file = devices.open("full")) {
            assertThatThrownBy(() -> file.append(bytes("x")))
                    .isInstanceOfSatisfying(
                            DiskFailure.class, e -> assertThat(e.kind()).isEqualTo(DiskFailure.Kind.FULL))
                    .hasMessageContaining("/dev/full");
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void nothingIsAppendedOrSyncedAfterAFailedSync() {
        DiskFile file = disk.open("a.log");
        file.append(bytes("x"));
        FileRange range = (FileRange) file.region(0, 1);
        // The one way to make force() fail on any file system: the descriptor is gone.
        assertThatCode(() -> range.channel().close()).doesNotThrowAnyException();

        assertThatThrownBy(file::sync).isInstanceOf(DiskFailure.class);
        assertThatThrownBy(file::sync)
                .isInstanceOfSatisfying(
                        DiskFailure.class, e -> assertThat(e.kind()).isEqualTo(DiskFailure.Kind.BROKEN))
                .hasMessageContaining("earlier sync");
        assertThatThrownBy(() -> file.append(bytes("y"))).isInstanceOf(DiskFailure.class);
    }

    @Test
    void refusesPathsThatLeaveTheDataDirectory() {
        assertThatThrownBy(() -> disk.open("../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secondOwnerOfADataDirectoryIsToldWhoHasIt() throws Exception {
        try (DataDirectory first = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .isInstanceOf(DataDirectoryInUseException.class)
                    .hasMessageContaining(first.path().toString())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data-dir");
        }
        DataDirectory.open(directory).close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(DiskFile file, long position, int length) {
        ByteBuffer into = ByteBuffer.allocate(length);
        int count = file.read(into, position);
        return new String(into.array(), 0, count, StandardCharsets.US_ASCII);
    }
}
