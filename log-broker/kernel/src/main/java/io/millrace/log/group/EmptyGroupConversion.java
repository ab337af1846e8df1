package io.millrace.log.group;

import io.millrace.log.coordinator.CoordinatorRecord;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Makes a classic group of a consumer group without members, for a member of the classic protocol that wants to join;
 * it joins when that is committed. The offsets stay, and the generations go on where the epochs were.
 *
 * @param join decides on the request as if it came then
 */
record EmptyGroupConversion(
        ConsumerGroup group,
        Call<JoinGroupRequestData, JoinGroupResponseData> call,
        Function<Call<JoinGroupRequestData, JoinGroupResponseData>, Decision> join)
        implements Outcome {

    Decision decide() {
        ConsumerGroupDraft draft = new ConsumerGroupDraft(group);
        draft.removeGroup();
        List<CoordinatorRecord> records = new ArrayList<>(draft.records());
        StoredGroup empty = new StoredGroup(null, group.epoch(), null, null, call.nowMs(), List.of());
        records.add(GroupRecordCodec.group(group.id(), empty));
        return new Decision(records, this);
    }

    @Override
    public Decision committed(long nowMs) {
        return join.apply(new Call<>(nowMs, call.caller(), call.request(), call.answer()));
    }

    @Override
    public Decision failed(long nowMs, Errors error) {
        call.answer().accept(GroupAnswers.joinFailed(call.request(), error));
        return Decision.NOTHING;
    }
}
