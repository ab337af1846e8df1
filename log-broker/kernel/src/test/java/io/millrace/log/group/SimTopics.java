package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.metadata.PartitionState;
import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** The cluster's topics, as a coordinator sees them. */
final class SimTopics {

    private ClusterImage image = ClusterImage.empty();
    private long made;

    ClusterImage image() {
        return image;
    }

    void create(String name, int partitions) {
        made++;
        apply(new MetadataRecord.TopicCreated(new Uuid(made, made), name, states(partitions), Map.of()));
    }

    void addPartitions(String name, int partitions) {
        apply(new MetadataRecord.PartitionsAdded(id(name), states(partitions)));
    }

    void delete(String name) {
        apply(new MetadataRecord.TopicDeleted(id(name)));
    }

    Uuid id(String name) {
        TopicImage topic = image.topic(name);
        if (topic == null) {
            throw new AssertionError("no topic " + name);
        }
        return topic.id();
    }

    PartitionId partition(String name, int index) {
        return new PartitionId(id(name), index);
    }

    private void apply(MetadataRecord record) {
        image = image.apply(List.of(record));
    }

    private static List<PartitionState> states(int partitions) {
        return Collections.nCopies(partitions, PartitionState.on(1));
    }
}
