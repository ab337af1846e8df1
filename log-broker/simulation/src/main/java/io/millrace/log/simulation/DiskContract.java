package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.Region;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Disk} does. The simulated and the real one pass the same tests, so that what the simulation shows
 * of the kernel holds for the server: each has a test class that extends this one.
 */
public abstract class DiskContract {

    /** A new, empty disk for each test. */
    protected abstract Disk disk();

    @Test
    void opensAMissingFileEmpty() {
        Disk disk = disk();
        try (DiskFile file = disk.open("a")) {
            assertThat(file.size()).isZero();
            assertThat(file.path()).isEqualTo("a");
        }
        assertThat(disk.exists("a")).isTrue();
    }

    @Test
    void readsWhatWasAppended() {
        Disk disk = disk();
        try (DiskFile file = disk.open("a")) {
            file.append(bytes("hello "));
            file.append(bytes("world"));
            assertThat(file.size()).isEqualTo(11);
            assertThat(text(file, 0, 11)).isEqualTo("hello world");
            assertThat(text(file, 6, 3)).isEqualTo("wor");
        }
        try (DiskFile again = disk.open("a")) {
            assertThat(again.size()).isEqualTo(11);
            again.append(bytes("!"));
            assertThat(text(again, 6, 10)).isEqualTo("world!");
        }
    }

    @Test
    void appendsFromDirectAndReadOnlyBuffersAndMovesTheirPosition() {
        try (DiskFile file = disk().open("a")) {
            ByteBuffer direct = ByteBuffer.allocateDirect(8).putLong(42).flip();
            file.append(direct);
            assertThat(direct.hasRemaining()).isFalse();
            ByteBuffer middle = bytes("abcdef").asReadOnlyBuffer().position(2).limit(4);
            file.append(middle);
            assertThat(middle.position()).isEqualTo(4);
            assertThat(file.size()).isEqualTo(10);
            assertThat(text(file, 8, 2)).isEqualTo("cd");
        }
    }

    @Test
    void readEndsWithTheFile() {
        try (DiskFile file = disk().open("a")) {
            file.append(bytes("abc"));
            ByteBuffer into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 1)).isEqualTo(2);
            assertThat(into.position()).isEqualTo(2);
            assertThat(file.read(into, 3)).isZero();
            assertThat(file.read(into, 100)).isZero();
        }
    }

    @Test
    void truncateCutsAndAppendGoesOnAtTheNewEnd() {
        try (DiskFile file = disk().open("a")) {
            file.append(bytes("abcdef"));
            file.truncate(2);
            assertThat(file.size()).isEqualTo(2);
            file.append(bytes("X"));
            assertThat(text(file, 0, 10)).isEqualTo("abX");
        }
    }

    @Test
    void rewriteLeavesTheBytesAsTheyAre() {
        try (DiskFile file = disk().open("a")) {
            file.append(bytes("abcdef"));
            file.rewrite(2);
            file.rewrite(6);
            file.append(bytes("X"));
            assertThat(file.size()).isEqualTo(7);
            assertThat(text(file, 0, 10)).isEqualTo("abcdefX");
        }
    }

    @Test
    void syncReturns() {
        Disk disk = disk();
        disk.createDirectories("d");
        try (DiskFile file = disk.open("d/a")) {
            file.append(bytes("abc"));
            file.sync();
        }
        disk.syncDirectory("d");
        disk.syncDirectory("");
        assertThat(disk.list("d")).containsExactly("a");
    }

    @Test
    void listsNamesSortedAndOnlyDirectlyBelow() {
        Disk disk = disk();
        disk.createDirectories("d/sub");
        for (String name : new String[] {"d/b", "d/a", "d/c", "d/sub/x", "other"}) {
            disk.open(name).close();
        }
        assertThat(disk.list("d")).containsExactly("a", "b", "c", "sub");
        assertThat(disk.list("")).containsExactly("d", "other");
        assertThat(disk.list("missing")).isEmpty();
    }

    @Test
    void createsDirectoriesAboveAndToleratesThoseThatExist() {
        Disk disk = disk();
        disk.createDirectories("a/b/c");
        disk.createDirectories("a/b/c");
        assertThat(disk.exists("a/b")).isTrue();
        disk.open("a/b/c/file").close();
        assertThat(disk.list("a/b/c")).containsExactly("file");
    }

    @Test
    void refusesToOpenBelowAMissingDirectory() {
        Disk disk = disk();
        assertThatThrownBy(() -> disk.open("missing/file")).isInstanceOf(DiskFailure.class);
    }

    @Test
    void renameReplacesTheTarget() {
        Disk disk = disk();
        write(disk, "from", "new");
        write(disk, "to", "old");
        disk.rename("from", "to");
        assertThat(disk.exists("from")).isFalse();
        try (DiskFile file = disk.open("to")) {
            assertThat(text(file, 0, 10)).isEqualTo("new");
        }
    }

    @Test
    void renameMovesADirectoryWithAllBelowIt() {
        Disk disk = disk();
        disk.createDirectories("from/below");
        write(disk, "from/file", "a");
        write(disk, "from/below/file", "b");
        disk.rename("from", "to");
        assertThat(disk.exists("from")).isFalse();
        assertThat(disk.list("to")).containsExactly("below", "file");
        try (DiskFile file = disk.open("to/below/file")) {
            assertThat(text(file, 0, 10)).isEqualTo("b");
        }
    }

    @Test
    void renameOfAMissingFileFails() {
        Disk disk = disk();
        assertThatThrownBy(() -> disk.rename("missing", "to"))
                .isInstanceOfSatisfying(
                        DiskFailure.class, e -> assertThat(e.kind()).isEqualTo(DiskFailure.Kind.BROKEN));
    }

    @Test
    void deletesFilesAndWholeDirectories() {
        Disk disk = disk();
        disk.createDirectories("d/sub");
        write(disk, "d/a", "1");
        write(disk, "d/sub/b", "2");
        write(disk, "dx", "3");
        disk.delete("d/a");
        assertThat(disk.list("d")).containsExactly("sub");
        disk.delete("d");
        disk.delete("missing");
        assertThat(disk.exists("d/sub/b")).isFalse();
        assertThat(disk.list("")).containsExactly("dx");
    }

    @Test
    void aRegionReadsItsBytesOnly() {
        try (DiskFile file = disk().open("a")) {
            file.append(bytes("0123456789"));
            Region region = file.region(2, 5);
            file.append(bytes("more"));
            assertThat(region.size()).isEqualTo(5);
            assertThat(text(region, 0)).isEqualTo("23456");
            assertThat(text(region, 3)).isEqualTo("56");
            assertThat(region.read(ByteBuffer.allocate(4), 5)).isZero();
            region.release();
        }
    }

    @Test
    void aRegionOutlivesItsFile() {
        Disk disk = disk();
        Region region;
        try (DiskFile file = disk.open("a")) {
            file.append(bytes("abcdef"));
            region = file.region(1, 3);
        }
        disk.delete("a");
        assertThat(text(region, 0)).isEqualTo("bcd");
        region.release();
    }

    @Test
    void anOpenFileOutlivesItsName() {
        Disk disk = disk();
        try (DiskFile file = disk.open("a")) {
            file.append(bytes("abc"));
            disk.delete("a");
            assertThat(text(file, 0, 3)).isEqualTo("abc");
            write(disk, "a", "other");
            assertThat(text(file, 0, 10)).isEqualTo("abc");
        }
    }

    private static void write(Disk disk, String path, String content) {
        try (DiskFile file = disk.open(path)) {
            file.append(bytes(content));
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(DiskFile file, long position, int length) {
        ByteBuffer into = ByteBuffer.allocate(length);
        int read = file.read(into, position);
        assertThat(into.position()).isEqualTo(read);
        return StandardCharsets.UTF_8.decode(into.flip()).toString();
    }

    private static String text(Region region, int offset) {
        ByteBuffer into = ByteBuffer.allocate(100);
        int read = region.read(into, offset);
        assertThat(into.position()).isEqualTo(read);
        return StandardCharsets.UTF_8.decode(into.flip()).toString();
    }
}
