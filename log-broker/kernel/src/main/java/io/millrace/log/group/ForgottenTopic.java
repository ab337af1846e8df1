package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The offsets that groups had in a topic when it was deleted, made tombstones a bounded number at a time. One that was
 * committed again meanwhile belongs to another topic of that name, and stays. What cannot be written is left to expire.
 */
final class ForgottenTopic implements Outcome {

    private static final int RECORDS_MAX = 1000;

    /** @param committed null if there is only what an open transaction has brought */
    private record Forgotten(
            String groupId, int partition, @Nullable CommittedOffset committed) {}

    private final Offsets offsets;
    private final String topic;
    private final Deque<Forgotten> left = new ArrayDeque<>();

    private ForgottenTopic(Offsets offsets, String topic) {
        this.offsets = offsets;
        this.topic = topic;
    }

    /** @param id of the topic that was deleted: what is known to be in another one stays */
    static ForgottenTopic of(Offsets offsets, String topic, Uuid id) {
        ForgottenTopic forgotten = new ForgottenTopic(offsets, topic);
        offsets.ofTopic(topic)
                .forEach((groupId, partitions) -> partitions.forEach((partition, committed) -> {
                    if (committed.mayBeIn(id)) {
                        forgotten.left.add(new Forgotten(groupId, partition, committed));
                    }
                }));
        offsets.pending().ofTopic(topic).forEach(position -> {
            if (offsets.get(position.groupId(), topic, position.partition()) == null) {
                forgotten.left.add(new Forgotten(position.groupId(), position.partition(), null));
            }
        });
        return forgotten;
    }

    Decision next() {
        List<CoordinatorRecord> records = new ArrayList<>();
        while (!left.isEmpty() && records.size() < RECORDS_MAX) {
            Forgotten each = left.remove();
            CommittedOffset committed = offsets.get(each.groupId(), topic, each.partition());
            boolean there = committed != null || offsets.isPending(each.groupId(), topic, each.partition());
            if (there && Objects.equals(each.committed(), committed)) {
                records.add(GroupRecordCodec.offsetTombstone(each.groupId(), topic, each.partition()));
            }
        }
        return records.isEmpty() ? Decision.NOTHING : new Decision(records, this);
    }

    @Override
    public Decision committed(long nowMs) {
        return next();
    }

    @Override
    public Decision failed(long nowMs, Errors error) {
        return Decision.NOTHING;
    }
}
