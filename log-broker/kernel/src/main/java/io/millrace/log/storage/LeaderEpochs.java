package io.millrace.log.storage;

import io.millrace.log.types.EpochEndOffset;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which leader appended which records: the first offset of each epoch (KIP-101).
 *
 * <p>File {@value #FILE}, as Kafka writes it: a line with the version 0, a line with the number of entries, and for
 * each entry a line with epoch and start offset. Every line ends with a line feed.
 */
final class LeaderEpochs {

    static final String FILE = "leader-epoch-checkpoint";

    private static final String VERSION = "0";

    private record Entry(int epoch, long startOffset) {}

    /** Epochs and start offsets ascend strictly, but for epochs that end without a record. */
    private final List<Entry> entries = new ArrayList<>();

    private boolean dirty = true;

    /** Reads the file; null if it is missing or not as it was written. */
    static @Nullable LeaderEpochs read(LogDirectory directory) {
        ByteBuffer content = directory.readWhole(directory.file(FILE));
        return content == null
                ? null
                : parse(StandardCharsets.UTF_8.decode(content).toString());
    }

    private static @Nullable LeaderEpochs parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 3 || !lines[0].equals(VERSION) || !lines[lines.length - 1].isEmpty()) {
            return null;
        }
        LeaderEpochs epochs = new LeaderEpochs();
        try {
            if (Integer.parseInt(lines[1]) != lines.length - 3) {
                return null;
            }
            for (int i = 2; i < lines.length - 1; i++) {
                String[] fields = lines[i].split(" ", -1);
                Entry entry = new Entry(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
                if (entry.epoch() <= epochs.latest() || entry.startOffset() < epochs.lastStart()) {
                    return null;
                }
                epochs.entries.add(entry);
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
        epochs.dirty = false;
        return epochs;
    }

    /** Whether anything has changed since {@link #write}. */
    boolean isDirty() {
        return dirty;
    }

    void write(LogDirectory directory) {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(entries.size()).append('\n');
        for (Entry entry : entries) {
            text.append(entry.epoch()).append(' ').append(entry.startOffset()).append('\n');
        }
        directory.replace(directory.file(FILE), text.toString());
        dirty = false;
    }

    /** The newest epoch, or -1. */
    int latest() {
        return entries.isEmpty() ? -1 : entries.getLast().epoch();
    }

    /** Below it nothing is known; 0 if nothing is known at all. */
    long firstStart() {
        return entries.isEmpty() ? 0 : entries.getFirst().startOffset();
    }

    private long lastStart() {
        return entries.isEmpty() ? 0 : entries.getLast().startOffset();
    }

    /** An epoch begins, if it is newer than all that are known. */
    void assign(int epoch, long startOffset) {
        if (epoch > latest()) {
            while (!entries.isEmpty() && entries.getLast().startOffset() == startOffset) {
                entries.removeLast();
            }
            entries.add(new Entry(epoch, startOffset));
            dirty = true;
        }
    }

    /** The epoch of the record at {@code offset}, or -1. */
    int epochAt(long offset) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).startOffset() <= offset) {
                return entries.get(i).epoch();
            }
        }
        return -1;
    }

    /** As Kafka answers OffsetForLeaderEpoch: see KIP-279 for epochs that this log has not seen. */
    EpochEndOffset endOffset(int epoch, long logEndOffset) {
        if (epoch < 0 || epoch > latest()) {
            return EpochEndOffset.UNDEFINED;
        }
        if (epoch == latest()) {
            return new EpochEndOffset(epoch, logEndOffset);
        }
        int higher = 0;
        while (entries.get(higher).epoch() <= epoch) {
            higher++;
        }
        int found = higher == 0 ? epoch : entries.get(higher - 1).epoch();
        return new EpochEndOffset(found, entries.get(higher).startOffset());
    }

    /** Forgets what begins at or above {@code endOffset}. */
    void truncateFromEnd(long endOffset) {
        while (!entries.isEmpty() && entries.getLast().startOffset() >= endOffset) {
            entries.removeLast();
            dirty = true;
        }
    }

    /** Forgets epochs that end at or below {@code startOffset}. */
    void truncateFromStart(long startOffset) {
        while (entries.size() > 1 && entries.get(1).startOffset() <= startOffset) {
            entries.removeFirst();
            dirty = true;
        }
        if (!entries.isEmpty() && entries.getFirst().startOffset() < startOffset) {
            entries.set(0, new Entry(entries.getFirst().epoch(), startOffset));
            dirty = true;
        }
    }
}
