package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code __consumer_offsets} that keeps a part of a {@link ConsumerGroup}: the kinds are Kafka's. What
 * follows the ids is null in a tombstone.
 */
sealed interface ConsumerGroupRecord extends GroupRecord {

    String groupId();

    boolean isTombstone();

    /** How often the group's members or topics have changed. Its tombstone is the end of the group. */
    record Epoch(String groupId, Epoch.@Nullable Value value) implements ConsumerGroupRecord {

        /** @param topicsHash of the topics that the group reads, as {@link TopicsHash} makes it; 0 if unknown */
        record Value(int epoch, long topicsHash) {}

        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What brokers before Kafka 4.1 kept in place of the hash. Never written but as a tombstone. */
    record OldTopics(String groupId, boolean isTombstone) implements ConsumerGroupRecord {}

    /** Who a member is and what it wants. Its tombstone is the end of the member. */
    record Profile(String groupId, String memberId, ConsumerMember.@Nullable Profile value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** The group's epoch for which targets were computed last. */
    record TargetEpoch(String groupId, TargetEpoch.@Nullable Value value) implements ConsumerGroupRecord {

        /** @param timestampMs when that was; 0 if an old record does not say */
        record Value(int epoch, long timestampMs) {}

        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a member is to read in the end. */
    record Target(String groupId, String memberId, @Nullable SortedSet<PartitionId> value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a member holds now. */
    record Current(
            String groupId, String memberId, @Nullable CurrentAssignment value) implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a regular expression that members subscribe to stands for. */
    record Regex(String groupId, String regex, @Nullable ResolvedRegex value) implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }
}
