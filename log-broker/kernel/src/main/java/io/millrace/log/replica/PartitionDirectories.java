package io.millrace.log.replica;

import io.millrace.log.disk.Disk;
import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Where partitions lie: one directory {@code <topic>-<partition>} each, below the data directory, with the topic's id
 * in the file {@code partition.metadata} (Kafka's format). A directory of another id, left by a topic of the same name,
 * is never opened or overwritten: it is moved to {@code <topic>-<partition>.<id>-stray}, and comes back from there
 * should its id be asked for. Deleting first renames to {@code <topic>-<partition>.<id>-delete}, so that a crash half
 * way leaves nothing that looks whole.
 */
final class PartitionDirectories {

    private static final String ROOT = "";
    private static final String ID_FILE = "partition.metadata";
    private static final String ID_PREFIX = "version: 0\ntopic_id: ";
    private static final int ID_FILE_BYTES_MAX = 256;
    private static final String STRAY = "-stray";
    private static final String DELETED = "-delete";
    /** Leaves room for index, id and suffix within the 255 bytes of a file name. */
    private static final int NAME_BYTES_MAX = 200;

    private final Disk disk;

    PartitionDirectories(Disk disk) {
        this.disk = disk;
    }

    /** The directory of a partition, created if it is new. */
    String prepare(TopicIdPartition partition) {
        String directory = partition.topicPartition().toString();
        Uuid found = disk.exists(directory) ? storedId(directory) : null;
        if (found != null && !found.equals(partition.topicId())) {
            disk.rename(directory, aside(partition, found, STRAY));
            disk.syncDirectory(ROOT);
            found = null;
        }
        if (found == null) {
            restoreOrCreate(partition, directory);
        }
        return directory;
    }

    private void restoreOrCreate(TopicIdPartition partition, String directory) {
        String stray = aside(partition, partition.topicId(), STRAY);
        if (disk.exists(stray)) {
            disk.rename(stray, directory);
        } else {
            disk.createDirectories(directory);
            storeId(directory, partition.topicId());
        }
        disk.syncDirectory(ROOT);
    }

    /** Deletes a partition whose log is closed. */
    void delete(TopicIdPartition partition) {
        String directory = partition.topicPartition().toString();
        if (disk.exists(directory) && partition.topicId().equals(storedId(directory))) {
            String deleted = aside(partition, partition.topicId(), DELETED);
            disk.delete(deleted);
            disk.rename(directory, deleted);
            disk.syncDirectory(ROOT);
            disk.delete(deleted);
        }
    }

    /** Finishes the deletions that a crash interrupted. */
    void deleteLeftovers() {
        for (String name : disk.list(ROOT)) {
            if (name.endsWith(DELETED)) {
                disk.delete(name);
            }
        }
    }

    private static String aside(TopicIdPartition partition, Uuid id, String suffix) {
        String topic = partition.topic();
        String head = topic.substring(0, Math.min(topic.length(), NAME_BYTES_MAX));
        return head + "-" + partition.partition() + "." + id + suffix;
    }

    /** The id in a directory; null if it was created and no more. */
    private @Nullable Uuid storedId(String directory) {
        String path = directory + "/" + ID_FILE;
        if (!disk.exists(path)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(ID_FILE_BYTES_MAX);
        try (DiskFile file = disk.open(path)) {
            file.read(bytes, 0);
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        if (!text.startsWith(ID_PREFIX)) {
            throw new DiskFailure(
                    DiskFailure.Kind.BROKEN,
                    path + " does not hold a topic id: restore it, or move the directory away",
                    new IOException("unexpected content"));
        }
        return Uuid.fromString(text.substring(ID_PREFIX.length()).trim());
    }

    private void storeId(String directory, Uuid id) {
        String path = directory + "/" + ID_FILE;
        String draft = path + ".tmp";
        disk.delete(draft);
        try (DiskFile file = disk.open(draft)) {
            file.append(ByteBuffer.wrap((ID_PREFIX + id + "\n").getBytes(StandardCharsets.UTF_8)));
            file.sync();
        }
        disk.rename(draft, path);
        disk.syncDirectory(directory);
    }
}
