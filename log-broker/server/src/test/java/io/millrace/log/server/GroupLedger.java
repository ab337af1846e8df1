package io.millrace.log.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the members of one group have, and have read, all together. Thread-safe. */
final class GroupLedger {

    private final Map<TopicPartition, String> owners = new HashMap<>();
    private final Set<String> read = new HashSet<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final List<String> flaws = new ArrayList<>();

    synchronized void assigned(String member, Collection<TopicPartition> partitions) {
        for (TopicPartition each : partitions) {
            String other = owners.put(each, member);
            if (other != null && !other.equals(member)) {
                flaws.add(member + " was given " + each + ", which " + other + " has");
            }
        }
    }

    synchronized void givenUp(String member, Collection<TopicPartition> partitions) {
        partitions.forEach(each -> owners.remove(each, member));
    }

    /** Somebody else may have them already. */
    synchronized void lost(String member, Collection<TopicPartition> partitions) {
        givenUp(member, partitions);
        if (!partitions.isEmpty()) {
            flaws.add(member + " lost " + partitions);
        }
    }

    synchronized void read(String member, ConsumerRecord<String, String> record) {
        read.add(record.value());
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < committed.getOrDefault(partition, 0L)) {
            flaws.add(member + " read offset " + record.offset() + " of " + partition + ", which was committed");
        }
    }

    /** What a member was told is committed; it read nothing behind it. */
    synchronized void committed(Map<TopicPartition, Long> next) {
        next.forEach((partition, offset) -> committed.merge(partition, offset, Math::max));
    }

    synchronized void failed(String member, Exception why) {
        flaws.add(member + " ended with " + why);
    }

    synchronized int ownedPartitions() {
        return owners.size();
    }

    /** Those that have at least one partition. */
    synchronized Set<String> owners() {
        return new TreeSet<>(owners.values());
    }

    synchronized int readRecords() {
        return read.size();
    }

    synchronized List<String> flaws() {
        return List.copyOf(flaws);
    }
}
