package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest extends DiskContract {

    @Override
    protected Disk disk() {
        return new SimDisk(1);
    }

    @Test
    void aCrashKeepsWhatWasNotSynced() {
        SimDisk disk = new SimDisk(1);
        DiskFile before = disk.open("a");
        before.append(ByteBuffer.allocate(10_000));
        disk.crash();
        assertThatThrownBy(before::size).isInstanceOf(IllegalStateException.class);
        try (DiskFile after = disk.open("a")) {
            assertThat(after.size()).isEqualTo(10_000);
        }
    }

    @Test
    void aPowerCutKeepsWhatWasSynced() {
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = new SimDisk(seed);
            DiskFile file = disk.open("a");
            file.append(filled(5000, 1));
            file.sync();
            disk.syncDirectory("");
            file.append(filled(20_000, 2));
            disk.cutPower();
            byte[] left = content(disk, "a");
            assertThat(left.length).isBetween(5000, 25_000);
            for (int i = 0; i < 5000; i++) {
                assertThat(left[i]).isEqualTo((byte) 1);
            }
        }
    }

    @Test
    void aPowerCutLosesPiecesInTheMiddle() {
        TreeSet<String> kinds = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimDisk disk = new SimDisk(seed);
            DiskFile file = disk.open("a");
            disk.syncDirectory("");
            file.append(filled(20_000, 2));
            disk.cutPower();
            byte[] left = content(disk, "a");
            kinds.add(left.length == 0 ? "none" : left.length == 20_000 ? "whole length" : "short");
            for (int i = 1; i < left.length; i++) {
                kinds.add(left[i - 1] == 0 && left[i] == 2 ? "hole, then bytes" : "");
            }
        }
        assertThat(kinds).contains("none", "short", "whole length", "hole, then bytes");
    }

    @Test
    void afterAFailedSyncALaterOneCoversOnlyWhatWasRewritten() {
        TreeSet<String> left = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(seed);
            boolean rewrites = seed % 2 == 0;
            try (DiskFile file = disk.open("a")) {
                disk.syncDirectory("");
                file.append(filled(20_000, 2));
                disk.failSyncsAfter(0);
                assertThatThrownBy(file::sync).isInstanceOf(DiskFailure.class);
                disk.clearFaults();
                if (rewrites) {
                    file.rewrite(0);
                }
                file.sync();
            }
            assertThat(content(disk, "a")).isEqualTo(filled(20_000, 2).array());
            disk.cutPower();
            boolean whole = Arrays.equals(content(disk, "a"), filled(20_000, 2).array());
            left.add((rewrites ? "rewritten " : "left ") + whole);
        }
        assertThat(left).containsExactly("left false", "rewritten true");
    }

    @Test
    void namesThatWereNotSyncedMayVanishOrComeBack() {
        TreeSet<String> seen = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimDisk disk = new SimDisk(seed);
            disk.open("old").close();
            disk.syncDirectory("");
            disk.open("new").close();
            disk.delete("old");
            disk.cutPower();
            seen.add(String.join(",", disk.list("")));
        }
        assertThat(seen).containsExactlyInAnyOrder("", "new", "old", "new,old");
    }

    @Test
    void namesThatWereSyncedStay() {
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(seed);
            disk.createDirectories("d");
            disk.syncDirectory("");
            disk.open("d/a").close();
            disk.open("d/b").close();
            disk.rename("d/b", "d/c");
            disk.syncDirectory("d");
            disk.cutPower();
            assertThat(disk.list("d")).containsExactly("a", "c");
        }
    }

    @Test
    void aDirectoryThatWasMovedIsWholeAtOneOfItsNames() {
        for (int seed = 0; seed < 20; seed++) {
            SimDisk disk = new SimDisk(seed);
            disk.createDirectories("old");
            try (DiskFile file = disk.open("old/file")) {
                file.append(filled(10, 1));
                file.sync();
            }
            disk.syncDirectory("old");
            disk.syncDirectory("");
            disk.rename("old", "new");
            boolean synced = seed % 2 == 0;
            if (synced) {
                disk.syncDirectory("");
            }

            disk.cutPower();

            assertThat(disk.list("")).hasSize(1);
            String name = disk.list("").getFirst();
            assertThat(disk.exists(name + "/file")).isTrue();
            assertThat(name.equals("new") || !synced).isTrue();
        }
    }

    @Test
    void theSameSeedLosesTheSame() {
        List<byte[]> left = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            SimDisk disk = new SimDisk(7);
            DiskFile file = disk.open("a");
            disk.syncDirectory("");
            file.append(filled(50_000, 3));
            disk.cutPower();
            left.add(content(disk, "a"));
        }
        assertThat(left.get(0)).isEqualTo(left.get(1));
    }

    @Test
    void aFullDiskTakesWhatFits() {
        SimDisk disk = new SimDisk(1);
        disk.limitCapacity(100);
        try (DiskFile file = disk.open("a")) {
            assertThatThrownBy(() -> file.append(ByteBuffer.allocate(150)))
                    .isInstanceOfSatisfying(
                            DiskFailure.class, e -> assertThat(e.kind()).isEqualTo(DiskFailure.Kind.FULL));
            assertThat(file.size()).isEqualTo(100);
            file.truncate(0);
            file.append(ByteBuffer.allocate(100));
        }
    }

    @Test
    void aTornWriteLeavesItsFirstBytes() {
        SimDisk disk = new SimDisk(1);
        disk.failWritesAfter(7);
        try (DiskFile file = disk.open("a")) {
            assertThatThrownBy(() -> file.append(ByteBuffer.allocate(10)))
                    .isInstanceOfSatisfying(
                            DiskFailure.class, e -> assertThat(e.kind()).isEqualTo(DiskFailure.Kind.BROKEN));
            assertThat(file.size()).isEqualTo(7);
        }
    }

    @Test
    void aFailedSyncMakesNothingDurable() {
        SimDisk disk = new SimDisk(1);
        DiskFile file = disk.open("a");
        disk.syncDirectory("");
        file.append(filled(100, 1));
        disk.failSyncsAfter(0);
        assertThatThrownBy(file::sync).isInstanceOf(DiskFailure.class);
        assertThat(disk.syncs()).isEqualTo(1);
    }

    @Test
    void aFlippedBitIsRead() {
        SimDisk disk = new SimDisk(1);
        try (DiskFile file = disk.open("a")) {
            file.append(filled(10, 1));
            file.sync();
        }
        disk.flipBit("a", 4, 3);
        assertThat(content(disk, "a")).containsExactly(1, 1, 1, 1, 9, 1, 1, 1, 1, 1);
    }

    @Test
    void countsWhatIsNotClosed() {
        SimDisk disk = new SimDisk(1);
        DiskFile file = disk.open("a");
        file.append(filled(10, 1));
        var region = file.region(0, 10);
        assertThat(disk.openFiles()).isEqualTo(1);
        assertThat(disk.openRegions()).isEqualTo(1);
        file.close();
        region.release();
        assertThat(disk.openFiles()).isZero();
        assertThat(disk.openRegions()).isZero();
    }

    private static ByteBuffer filled(int length, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static byte[] content(Disk disk, String path) {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return into.array();
        }
    }
}
