package io.millrace.connect.letters;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.LogFailure.Category;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.log.PartitionReader;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.task.SinkGroups;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** Reads what stands in a topic now, partition by partition, in order. A topic that does not exist is empty. */
final class LetterScan {

    private static final Duration TURN = Duration.ofMillis(500);
    private static final int SILENT_TURNS_MAX = 60;

    private final LogClient log;
    private final String clientId;

    LetterScan(LogClient log, String clientId) {
        this.log = log;
        this.clientId = clientId;
    }

    /** All partitions of a topic, in order. */
    List<TopicPartition> partitions(String topic) {
        return SinkGroups.partitions(log, List.of(topic)).stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    /**
     * Reads from a place on until the end, or until the reader wants no more.
     *
     * @param from the first record that is wanted
     * @param reader is given each record; false: that is enough
     * @return whether all was read
     * @throws LogFailure when the log gives nothing for half a minute
     */
    boolean read(String topic, LetterId from, Predicate<StoredRecord> reader) {
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(partitions);
        for (TopicPartition partition : partitions) {
            OffsetRange range = ranges.getOrDefault(partition, new OffsetRange(0, 0));
            long begin =
                    partition.partition() == from.partition() ? Math.max(from.offset(), range.begin()) : range.begin();
            boolean wanted = partition.partition() >= from.partition() && begin < range.end();
            if (wanted && !readPartition(partition, begin, range.end(), reader)) {
                return false;
            }
        }
        return true;
    }

    private boolean readPartition(TopicPartition partition, long begin, long end, Predicate<StoredRecord> reader) {
        try (PartitionReader open = log.openPartitions(clientId, Map.of(partition, begin), Map.of())) {
            return readUpTo(open, partition, end, reader);
        }
    }

    private static boolean readUpTo(
            PartitionReader open, TopicPartition partition, long end, Predicate<StoredRecord> reader) {
        int silentTurns = 0;
        while (open.position(partition) < end) {
            List<StoredRecord> records = open.poll(TURN);
            silentTurns = records.isEmpty() ? silentTurns + 1 : 0;
            requireAnswer(partition, silentTurns);
            if (!records.stream().filter(record -> record.offset() < end).allMatch(reader)) {
                return false;
            }
        }
        return true;
    }

    private static void requireAnswer(TopicPartition partition, int silentTurns) {
        if (silentTurns > SILENT_TURNS_MAX) {
            String message = "the log gives nothing of " + partition;
            throw new LogFailure(Category.RETRY, message, new TimeoutException(message));
        }
    }
}
