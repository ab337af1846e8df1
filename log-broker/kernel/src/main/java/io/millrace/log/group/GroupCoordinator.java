package io.millrace.log.group;

import io.millrace.log.coordinator.Deadlines;
import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.Expiry;
import io.millrace.log.coordinator.ReplicatedState;
import io.millrace.log.group.PendingOffsets.Position;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The groups whose names fall to one partition of {@code __consumer_offsets}: classic groups, consumer groups
 * (KIP-848), and committed offsets. The type of the classic group protocol ({@code consumer}, {@code connect}, ...) is
 * the members' own affair.
 *
 * <p>In the log stand the offsets, the consumer groups, and of each classic group its last stable generation; who is
 * about to join, and when members were last heard of, is not. After a change of the coordinator, members go on without
 * a rebalance; those of a classic group that were not in its last generation find that they are unknown and join again.
 *
 * <p>Life cycle and thread rule as in {@link ReplicatedState}. Each call is answered exactly once, or when the
 * coordinator is unloaded.
 */
public final class GroupCoordinator implements ReplicatedState {

    private final GroupTable groups = new GroupTable();
    private final GroupConfig config;
    private final Rebalance rebalance;
    private final JoinDecisions joins;
    private final SyncDecisions syncs;
    private final MemberDecisions members;
    private final OffsetCommitDecisions commits;
    private final TransactionalCommitDecisions transactionalCommits;
    private final OffsetFetchDecisions fetches;
    private final DeleteDecisions deletes;
    private final Expiry expiry;
    private final GroupQueries queries;
    private final ConsumerGroups consumers;
    private boolean live;

    /**
     * @param memberIds outlives this state: an id is never made twice
     * @param image the cluster's metadata, as new as the shard of this coordinator has it
     */
    public GroupCoordinator(
            GroupConfig config, MemberIds memberIds, Supplier<ClusterImage> image, Deadlines deadlines) {
        this.config = config;
        rebalance = new Rebalance(config, deadlines, groups);
        consumers =
                new ConsumerGroups(new ConsumerGroupSettings(config, image), memberIds, groups, deadlines, rebalance);
        joins = new JoinDecisions(config, memberIds, groups, rebalance);
        syncs = new SyncDecisions(groups, rebalance);
        members = new MemberDecisions(groups, rebalance);
        commits = new OffsetCommitDecisions(config, groups, rebalance);
        transactionalCommits = new TransactionalCommitDecisions(config, groups, image);
        fetches = new OffsetFetchDecisions(groups);
        deletes = new DeleteDecisions(groups);
        expiry = new Expiry(deadlines, config.offsetsRetentionCheckMs(), new OffsetExpiry(config, groups));
        queries = new GroupQueries(groups);
    }

    public Decision join(Call<JoinGroupRequestData, JoinGroupResponseData> call) {
        ConsumerGroup group = groups.consumer(call.request().groupId());
        if (group == null) {
            return joins.join(call);
        }
        if (group.isEmpty()) {
            return new EmptyGroupConversion(group, call, this::join).decide();
        }
        Errors invalid = joins.validate(call.request());
        if (invalid != Errors.NONE) {
            call.answer().accept(GroupAnswers.joinFailed(call.request(), invalid));
            return Decision.NOTHING;
        }
        return consumers.mixedJoins().join(group, call);
    }

    public Decision sync(Call<SyncGroupRequestData, SyncGroupResponseData> call) {
        ConsumerGroup group = groups.consumer(call.request().groupId());
        return group == null ? syncs.sync(call) : consumers.mixedMembers().sync(group, call);
    }

    public Decision heartbeat(Call<HeartbeatRequestData, HeartbeatResponseData> call) {
        ConsumerGroup group = groups.consumer(call.request().groupId());
        return group == null
                ? members.heartbeat(call)
                : consumers.mixedMembers().heartbeat(group, call);
    }

    /** Takes members out of a group; requests below version 3 are put as a list of one. */
    public Decision leave(String groupId, Call<List<MemberIdentity>, LeaveGroupResponseData> call) {
        ConsumerGroup group = groups.consumer(groupId);
        return group == null
                ? members.leave(call, groupId)
                : consumers.mixedMembers().leave(group, call);
    }

    public Decision consumerHeartbeat(
            Call<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> call) {
        return consumers.heartbeat(call);
    }

    public Decision describeConsumers(Call<String, ConsumerGroupDescribeResponseData.DescribedGroup> call) {
        return consumers.describe(call);
    }

    public Decision commitOffsets(Call<OffsetCommitRequestData, OffsetCommitResponseData> call) {
        return commits.commit(call);
    }

    /** Commits offsets within a producer's transaction: they count once that is committed (KIP-98, KIP-447). */
    public Decision commitInTransaction(Call<TxnOffsetCommitRequestData, TxnOffsetCommitResponseData> call) {
        return transactionalCommits.commit(call);
    }

    /** The producer's transaction is over, as its coordinator says. */
    public Decision endTransaction(Call<TransactionMarker, Errors> call) {
        return Decision.end(call.request(), error -> call.answer().accept(error));
    }

    public Decision fetchOffsets(Call<OffsetFetchRequestGroup, OffsetFetchResponseGroup> call) {
        return fetches.fetch(call, false);
    }

    /** As {@link #fetchOffsets}, but a partition for which a transaction has brought an offset has none yet. */
    public Decision fetchStableOffsets(Call<OffsetFetchRequestGroup, OffsetFetchResponseGroup> call) {
        return fetches.fetch(call, true);
    }

    public Decision deleteGroup(Call<String, DeletableGroupResult> call) {
        return deletes.deleteGroup(call);
    }

    public Decision deleteOffsets(Call<OffsetDeleteRequestData, OffsetDeleteResponseData> call) {
        return deletes.deleteOffsets(call);
    }

    public Decision describe(Call<String, DescribedGroup> call) {
        DescribedGroup described =
                queries.describe(call.request(), call.caller().version());
        return Decision.read(error -> call.answer()
                .accept(
                        error == Errors.NONE
                                ? described
                                : new DescribedGroup()
                                        .setGroupId(call.request())
                                        .setErrorCode(error.code())));
    }

    /** Answered with the groups that pass the filters. */
    public Decision list(Call<ListGroupsRequestData, ListGroupsResponseData> call) {
        List<ListedGroup> listed = queries.list(call.request());
        return Decision.read(error -> call.answer()
                .accept(new ListGroupsResponseData()
                        .setErrorCode(error.code())
                        .setGroups(error == Errors.NONE ? listed : List.of())));
    }

    /** Forgets the offsets of a topic that is gone: one of the same name is another one. */
    public Decision topicDeleted(String topic, Uuid id) {
        return ForgottenTopic.of(groups.offsets(), topic, id).next();
    }

    @Override
    public void replay(long recordOffset, ByteBuffer key, @Nullable ByteBuffer value) {
        switch (GroupRecordCodec.read(key, value)) {
            case GroupRecord.Offset offset -> replay(recordOffset, offset);
            case GroupRecord.Group group -> replay(group);
            case ConsumerGroupRecord record -> consumers.replay(record);
            case GroupRecord.Unknown _ -> {}
        }
    }

    /** Only offsets are ever part of a transaction; a tombstone of one ends what transactions brought for it, too. */
    @Override
    public void replayTransactional(long recordOffset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
        if (GroupRecordCodec.read(key, value) instanceof GroupRecord.Offset offset) {
            CommittedOffset committed = offset.committed();
            if (committed == null) {
                replay(recordOffset, offset);
            } else {
                groups.makeSure(offset.groupId(), committed.commitTimestampMs());
                Position position = new Position(offset.groupId(), offset.topic(), offset.partition());
                groups.offsets().pending().put(producerId, position, committed.writtenAt(recordOffset));
            }
        }
    }

    @Override
    public void replayEnd(long producerId, boolean committed) {
        groups.offsets()
                .end(producerId, committed)
                .forEach((position, offset) -> groups.makeSure(position.groupId(), offset.commitTimestampMs()));
    }

    private void replay(long recordOffset, GroupRecord.Offset offset) {
        CommittedOffset committed = offset.committed();
        if (committed == null) {
            groups.offsets().remove(offset.groupId(), offset.topic(), offset.partition());
            return;
        }
        groups.makeSure(offset.groupId(), committed.commitTimestampMs());
        groups.offsets().put(offset.groupId(), offset.topic(), offset.partition(), committed.writtenAt(recordOffset));
    }

    /**
     * A live group is ahead of its record, which it wrote itself: only a tombstone tells it something, or its first
     * record, by which it takes the place of a consumer group. Whoever waits in a group that ends, because a consumer
     * group takes its place, comes again.
     */
    private void replay(GroupRecord.Group record) {
        StoredGroup stored = record.stored();
        ClassicGroup group = groups.find(record.groupId());
        if (stored == null) {
            if (group != null) {
                group.members().forEach(each -> each.failAll(Errors.REBALANCE_IN_PROGRESS, each.id()));
                groups.remove(group, group.stateTimestampMs());
            }
        } else if (!live || group == null) {
            groups.put(ClassicGroup.restore(record.groupId(), stored));
        }
    }

    @Override
    public List<Decision> loaded(long nowMs) {
        live = true;
        expiry.start(nowMs);
        consumers.loaded(nowMs);
        List<Decision> decisions = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            group.members().forEach(each -> rebalance.keepAlive(group, each, nowMs));
            if (group.size() > config.membersMax() || group.isWithoutLeader()) {
                decisions.add(rebalance.begin(group, nowMs));
            }
        }
        return decisions;
    }

    @Override
    public void unloaded(Errors error) {
        for (ClassicGroup group : groups.all()) {
            groups.remove(group, group.stateTimestampMs());
            group.members().forEach(each -> each.failAll(error, each.id()));
        }
    }

    /** What a later coordinator would find in the log. */
    @Override
    public String toString() {
        return groups.toString();
    }
}
