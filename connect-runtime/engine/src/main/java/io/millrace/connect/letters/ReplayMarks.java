package io.millrace.connect.letters;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.sink.ReplayTopic;
import io.millrace.connect.sink.ReplayTopic.LetterKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Which letters of a connector have been replayed, as its replay topic tells: those that stand in it.
 *
 * @param replayed where each of them stands there
 * @param done up to where the sink's tasks have come, the next offset of each partition
 */
record ReplayMarks(Map<LetterKey, Place> replayed, Map<TopicPartition, Long> done) {

    /** A place in the replay topic. */
    record Place(TopicPartition partition, long offset) {}

    /**
     * Reads all marks.
     *
     * @param group the group of the sink's tasks
     */
    static ReplayMarks read(LogClient log, ReplayTopic topic, String group) {
        Map<LetterKey, Place> replayed = new HashMap<>();
        boolean _ = new LetterScan(log, "letters-" + topic.name()).read(topic.name(), LetterId.FIRST, record -> {
            LetterKey letter = topic.letter(record);
            if (letter != null) {
                replayed.putIfAbsent(letter, new Place(record.partition(), record.offset()));
            }
            return true;
        });
        Map<TopicPartition, Long> done =
                replayed.isEmpty() ? Map.of() : log.groupOffsets(List.of(group)).getOrDefault(group, Map.of());
        return new ReplayMarks(replayed, done);
    }

    static LetterKey key(StoredRecord letter) {
        return new LetterKey(letter.partition(), letter.offset(), letter.timestampMs());
    }

    Letter.State stateOf(StoredRecord letter) {
        Place place = replayed.get(key(letter));
        if (place == null) {
            return Letter.State.OPEN;
        }
        boolean through = done.getOrDefault(place.partition(), 0L) > place.offset();
        return through ? Letter.State.REPLAYED : Letter.State.REPLAYING;
    }
}
