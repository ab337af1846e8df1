package io.millrace.log.simulation;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.disk.DiskSpace;
import io.millrace.log.disk.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, with a page cache that a power cut takes, and with faults on demand.
 *
 * <p>What happens in a fault is drawn from the seed alone: two disks with the same seed that see the same calls hold
 * the same bytes. Files and names are kept apart, as a file system keeps them: {@link DiskFile#sync()} makes bytes
 * durable, {@link #syncDirectory} makes names durable.
 *
 * <p>Not thread safe: simulations have one thread.
 */
public final class SimDisk implements Disk {

    private static final long UNLIMITED = Long.MAX_VALUE;

    private record DirectoryMove(String from, String to) {}

    private final RandomGenerator random;
    /** Files by path; null stands for a directory. */
    private TreeMap<String, @Nullable SimInode> names = new TreeMap<>();

    private TreeMap<String, @Nullable SimInode> durableNames = new TreeMap<>();
    private final Set<String> changedNames = new TreeSet<>();
    /** Directories that were moved, in order, as long as the directory above is not synced. */
    private final List<DirectoryMove> moves = new ArrayList<>();
    /** Files opened before the last crash belong to a process that is gone. */
    private int incarnation;

    private int openFiles;
    private int openRegions;
    private long syncs;
    private long capacityBytes = UNLIMITED;
    private long bytesUntilWriteFails = UNLIMITED;
    private long syncsUntilFailure = UNLIMITED;

    public SimDisk(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The process ends; what it wrote is in the page cache and stays. Open files become unusable. */
    public void crash() {
        incarnation++;
        openFiles = 0;
        openRegions = 0;
        clearFaults();
    }

    /**
     * The machine ends. Of what was not synced, some is lost: pieces of 512 to 4096 bytes, lengths of files, and names
     * that were created, replaced or deleted.
     */
    public void cutPower() {
        crash();
        undoSomeMoves();
        TreeMap<String, @Nullable SimInode> left = new TreeMap<>(durableNames);
        for (String path : changedNames) {
            if (random.nextBoolean()) {
                putOrRemove(left, path, names);
            }
        }
        left.keySet()
                .removeIf(path ->
                        !left.containsKey(parentOf(path)) && !parentOf(path).isEmpty());
        for (SimInode inode : left.values()) {
            if (inode != null && inode.isDirty()) {
                inode.cutPower(random);
            }
        }
        names = left;
        durableNames = new TreeMap<>(left);
        changedNames.clear();
    }

    /** From now on the disk holds so many bytes in all files; appends beyond it write what fits and fail as FULL. */
    public void limitCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /** An append fails as BROKEN after so many more bytes, which are written. */
    public void failWritesAfter(long bytes) {
        bytesUntilWriteFails = bytes;
    }

    /**
     * A sync fails as BROKEN after so many more that do not. What it was to cover stays readable and is clean from then
     * on, as on Linux: a later sync is done without writing it.
     */
    public void failSyncsAfter(long count) {
        syncsUntilFailure = count;
    }

    /** Ends all faults that were asked for. */
    public void clearFaults() {
        capacityBytes = UNLIMITED;
        bytesUntilWriteFails = UNLIMITED;
        syncsUntilFailure = UNLIMITED;
    }

    /** Damages a file where it is stored. */
    public void flipBit(String path, long position, int bit) {
        existing(path).flipBit(Math.toIntExact(position), bit);
    }

    /** Bytes of all files together. */
    public long usedBytes() {
        long used = 0;
        for (SimInode inode : names.values()) {
            used += inode == null ? 0 : inode.size();
        }
        return used;
    }

    /** Files opened and not closed, since the last crash. */
    public int openFiles() {
        return openFiles;
    }

    /** Regions made and not released, since the last crash. */
    public int openRegions() {
        return openRegions;
    }

    /** Syncs of files that were done. */
    public long syncs() {
        return syncs;
    }

    @Override
    public DiskFile open(String path) {
        SimInode inode = names.get(path);
        if (inode == null) {
            requireDirectory(parentOf(path));
            if (names.containsKey(path)) {
                throw broken(path + " is a directory");
            }
            inode = new SimInode();
            name(path, inode);
        }
        openFiles++;
        return new SimFile(path, inode);
    }

    @Override
    public boolean exists(String path) {
        return names.containsKey(path);
    }

    @Override
    public List<String> list(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        List<String> found = new ArrayList<>();
        for (String path : names.tailMap(prefix, true).keySet()) {
            if (!path.startsWith(prefix)) {
                break;
            }
            if (parentOf(path).equals(directory)) {
                found.add(path.substring(prefix.length()));
            }
        }
        return found;
    }

    @Override
    public void createDirectories(String directory) {
        if (directory.isEmpty() || (names.containsKey(directory) && names.get(directory) == null)) {
            return;
        }
        createDirectories(parentOf(directory));
        if (names.containsKey(directory)) {
            throw broken(directory + " is a file");
        }
        name(directory, null);
    }

    @Override
    public void rename(String from, String to) {
        if (names.containsKey(from) && names.get(from) == null) {
            renameDirectory(from, to);
            return;
        }
        SimInode inode = existing(from);
        requireDirectory(parentOf(to));
        names.remove(from);
        changedNames.add(from);
        name(to, inode);
    }

    private void renameDirectory(String from, String to) {
        requireDirectory(parentOf(to));
        if (names.containsKey(to)) {
            throw broken(to + " exists");
        }
        move(from, to);
        moves.add(new DirectoryMove(from, to));
    }

    /** What is durable below a directory stays so wherever the directory is. */
    private void move(String from, String to) {
        moveBelow(names, from, to);
        moveBelow(durableNames, from, to);
        for (String path : new ArrayList<>(changedNames)) {
            if (isAtOrBelow(path, from)) {
                changedNames.remove(path);
                changedNames.add(to + path.substring(from.length()));
            }
        }
    }

    private static void moveBelow(NavigableMap<String, @Nullable SimInode> in, String from, String to) {
        for (String path : new ArrayList<>(in.tailMap(from, true).keySet())) {
            if (isAtOrBelow(path, from)) {
                in.put(to + path.substring(from.length()), in.remove(path));
            }
        }
    }

    /** A move that was not synced is lost as a whole or not at all; with it go all that came after. */
    private void undoSomeMoves() {
        if (moves.isEmpty()) {
            return;
        }
        int kept = random.nextInt(moves.size() + 1);
        for (DirectoryMove move : moves.subList(kept, moves.size()).reversed()) {
            move(move.to(), move.from());
        }
        moves.clear();
    }

    private static boolean isAtOrBelow(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    @Override
    public void delete(String path) {
        for (String below : new ArrayList<>(names.tailMap(path, true).keySet())) {
            if (isAtOrBelow(below, path)) {
                names.remove(below);
                changedNames.add(below);
            }
        }
    }

    @Override
    public DiskSpace space() {
        return new DiskSpace(capacityBytes, Math.max(0, capacityBytes - usedBytes()));
    }

    @Override
    public void syncDirectory(String directory) {
        requireDirectory(directory);
        countSync(directory);
        moves.removeIf(move -> parentOf(move.to()).equals(directory));
        for (String path : new ArrayList<>(changedNames)) {
            if (parentOf(path).equals(directory)) {
                putOrRemove(durableNames, path, names);
                changedNames.remove(path);
            }
        }
    }

    private void name(String path, @Nullable SimInode inode) {
        names.put(path, inode);
        changedNames.add(path);
    }

    private static void putOrRemove(
            Map<String, @Nullable SimInode> target, String path, Map<String, @Nullable SimInode> source) {
        if (source.containsKey(path)) {
            target.put(path, source.get(path));
        } else {
            target.remove(path);
        }
    }

    private SimInode existing(String path) {
        SimInode inode = names.get(path);
        if (inode == null) {
            throw broken(path + " is no file");
        }
        return inode;
    }

    private void requireDirectory(String directory) {
        if (!directory.isEmpty() && (!names.containsKey(directory) || names.get(directory) != null)) {
            throw broken(directory + " is no directory");
        }
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private void countSync(String path) {
        if (syncsUntilFailure == 0) {
            throw broken("sync of " + path + " failed");
        }
        syncsUntilFailure -= syncsUntilFailure == UNLIMITED ? 0 : 1;
        syncs++;
    }

    private static DiskFailure broken(String message) {
        return new DiskFailure(DiskFailure.Kind.BROKEN, message, new IOException(message));
    }

    private final class SimFile implements DiskFile {

        private final String path;
        private final SimInode inode;
        private final int openedIn = incarnation;
        private boolean closed;

        SimFile(String path, SimInode inode) {
            this.path = path;
            this.inode = inode;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long size() {
            requireOpen();
            return inode.size();
        }

        @Override
        public void append(ByteBuffer bytes) {
            requireOpen();
            long room = Math.min(bytesUntilWriteFails, capacityBytes - Math.min(capacityBytes, usedBytes()));
            int length = (int) Math.min(bytes.remaining(), room);
            byte[] copy = new byte[length];
            bytes.get(copy);
            inode.append(copy, length);
            bytesUntilWriteFails -= bytesUntilWriteFails == UNLIMITED ? 0 : length;
            if (bytes.hasRemaining() && bytesUntilWriteFails == 0) {
                throw broken("write to " + path + " failed");
            }
            if (bytes.hasRemaining()) {
                String message = "no space left for " + path;
                throw new DiskFailure(DiskFailure.Kind.FULL, message, new IOException(message));
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            requireOpen();
            return readFrom(inode, into, position, into.remaining());
        }

        @Override
        public void truncate(long size) {
            requireOpen();
            inode.truncate(Math.toIntExact(size));
        }

        @Override
        public void rewrite(long position) {
            requireOpen();
            inode.rewrite(Math.toIntExact(position));
        }

        @Override
        public void sync() {
            requireOpen();
            if (syncsUntilFailure == 0) {
                inode.failSync(random);
            }
            countSync(path);
            inode.sync();
        }

        @Override
        public Region region(long position, int length) {
            requireOpen();
            if (position < 0 || length < 0 || position + length > inode.size()) {
                throw new IllegalArgumentException(
                        "%s has %d bytes, no region of %d at %d".formatted(path, inode.size(), length, position));
            }
            openRegions++;
            return new SimRegion(inode, position, length, incarnation);
        }

        @Override
        public void close() {
            if (!closed && openedIn == incarnation) {
                openFiles--;
            }
            closed = true;
        }

        private void requireOpen() {
            if (closed || openedIn != incarnation) {
                throw new IllegalStateException(path + " is not open");
            }
        }
    }

    private static int readFrom(SimInode inode, ByteBuffer into, long position, int lengthMax) {
        byte[] copy = new byte[Math.min(into.remaining(), lengthMax)];
        int length = inode.read(copy, Math.toIntExact(position));
        into.put(copy, 0, length);
        return length;
    }

    private final class SimRegion implements Region {

        private final SimInode inode;
        private final long position;
        private final int length;
        private final int madeIn;
        private boolean released;

        SimRegion(SimInode inode, long position, int length, int madeIn) {
            this.inode = inode;
            this.position = position;
            this.length = length;
            this.madeIn = madeIn;
        }

        @Override
        public int size() {
            return length;
        }

        @Override
        public int read(ByteBuffer into, int offset) {
            if (released || madeIn != incarnation) {
                throw new IllegalStateException("the region was released");
            }
            return offset >= length ? 0 : readFrom(inode, into, position + offset, length - offset);
        }

        @Override
        public void release() {
            if (released) {
                throw new IllegalStateException("the region was released before");
            }
            released = true;
            openRegions -= madeIn == incarnation ? 1 : 0;
        }
    }
}
