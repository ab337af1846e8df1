package io.millrace.log.group;

import static io.millrace.log.coordinator.VersionedFields.TAGGED;
import static io.millrace.log.group.ConsumerGroupRecordSchemas.PARTITIONS;
import static io.millrace.log.group.ConsumerGroupRecordSchemas.TAG;
import static io.millrace.log.group.ConsumerGroupRecordSchemas.TOPIC_ID;

import io.millrace.log.coordinator.VersionedFields;
import io.millrace.log.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;

/** Partitions as the records of a {@link ConsumerGroup} list them: by topic, held ones with the epoch of each. */
final class PartitionListCodec {

    private PartitionListCodec() {}

    /** For the field {@code field} of {@code in}, whose elements have no epochs. */
    static Object[] write(Struct in, String field, SortedSet<PartitionId> partitions) {
        List<Struct> topics = new ArrayList<>();
        ConsumerAnswers.byTopic(partitions)
                .forEach((topic, indexes) ->
                        topics.add(topic(in, field, topic, indexes).set(TAGGED, new TreeMap<>())));
        return topics.toArray();
    }

    /** For the field {@code field} of {@code in}, whose elements have epochs. */
    static Object[] write(Struct in, String field, SortedMap<PartitionId, Integer> held) {
        List<Struct> topics = new ArrayList<>();
        ConsumerAnswers.byTopic(held.keySet()).forEach((topic, indexes) -> {
            NavigableMap<Integer, Object> tags = new TreeMap<>();
            tags.put(
                    TAG,
                    indexes.stream()
                            .map(index -> held.get(new PartitionId(topic, index)))
                            .toArray());
            topics.add(topic(in, field, topic, indexes).set(TAGGED, tags));
        });
        return topics.toArray();
    }

    private static Struct topic(Struct in, String field, Uuid topic, List<Integer> indexes) {
        return in.instance(field).set(TOPIC_ID, topic).set(PARTITIONS, indexes.toArray());
    }

    static SortedSet<PartitionId> read(Object[] topics) {
        SortedSet<PartitionId> partitions = new TreeSet<>();
        for (Object each : topics) {
            Struct topic = (Struct) each;
            Uuid id = (Uuid) topic.get(TOPIC_ID);
            for (Object index : topic.getArray(PARTITIONS)) {
                partitions.add(new PartitionId(id, (Integer) index));
            }
        }
        return partitions;
    }

    /** @param epochs that all partitions were given in if the record does not say, as those before Kafka 4.3 */
    static SortedMap<PartitionId, Integer> readHeld(Object[] topics, int epochs) {
        SortedMap<PartitionId, Integer> held = new TreeMap<>();
        for (Object each : topics) {
            Struct topic = (Struct) each;
            Uuid id = (Uuid) topic.get(TOPIC_ID);
            Object[] indexes = topic.getArray(PARTITIONS);
            Object[] said = (Object[]) VersionedFields.tagged(topic).get(TAG);
            if (said != null && said.length != indexes.length) {
                throw new SchemaException(
                        indexes.length + " partitions of topic " + id + " have " + said.length + " epochs");
            }
            for (int i = 0; i < indexes.length; i++) {
                held.put(new PartitionId(id, (Integer) indexes[i]), said == null ? epochs : (Integer) said[i]);
            }
        }
        return held;
    }
}
