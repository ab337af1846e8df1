package io.millrace.log.group;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ReplicatedShard;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.coordinator.SimLog;
import io.millrace.log.coordinator.SimTimers;
import io.millrace.log.metadata.GroupConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One coordinator over a log in memory, and the words of its clients. */
final class GroupFixture {

    static final String GROUP = "shop";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;
    static final int INITIAL_DELAY_MS = 3_000;

    final SimTimers timers = new SimTimers();
    final SimLog log = new SimLog();
    final SimTopics topics = new SimTopics();
    private final GroupConfig config;
    private final MemberIds memberIds = new MemberIds("7f", 0);
    private ReplicatedShard<GroupCoordinator> shard;
    private @Nullable GroupCoordinator state;

    GroupFixture() {
        this(GroupConfig.defaults());
    }

    GroupFixture(GroupConfig config) {
        this.config = config;
        this.shard = newShard();
    }

    private ReplicatedShard<GroupCoordinator> newShard() {
        ReplicatedShard<GroupCoordinator> made = new ReplicatedShard<>(
                log,
                new ShardLimits(config.loadBytesMax(), config.commitTimeoutMs()),
                timers,
                deadlines -> {
                    GroupCoordinator coordinator = new GroupCoordinator(config, memberIds, topics::image, deadlines);
                    state = coordinator;
                    return coordinator;
                },
                _ -> {});
        made.start();
        return made;
    }

    /** Another coordinator takes over, from what stands in the log. */
    void failOver() {
        shard.close();
        shard = newShard();
    }

    boolean hasFailed() {
        return shard.status() == ReplicatedShard.Status.FAILED;
    }

    /** Whether the coordinator has loaded. */
    boolean isReady() {
        return shard.status() == ReplicatedShard.Status.ACTIVE;
    }

    GroupCoordinator state() {
        if (state == null) {
            throw new AssertionError("no coordinator");
        }
        return state;
    }

    private void submit(Function<GroupCoordinator, Decision> event) {
        shard.submit(event, error -> {
            throw new AssertionError("coordinator is not active: " + error);
        });
    }

    private <Q, A> Call<Q, A> call(Q request, Answer<A> answer, int version) {
        return new Call<>(timers.now(), new Caller("client", "/127.0.0.1", (short) version), request, answer);
    }

    static JoinGroupRequestData joinRequest(String memberId) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer");
        return withProtocols(request, "range");
    }

    static JoinGroupRequestData withProtocols(JoinGroupRequestData request, String... names) {
        request.protocols().clear();
        for (String name : names) {
            request.protocols()
                    .add(new JoinGroupRequestProtocol().setName(name).setMetadata(bytes("metadata of " + name)));
        }
        return request;
    }

    Answer<JoinGroupResponseData> join(JoinGroupRequestData request, int version) {
        Answer<JoinGroupResponseData> answer = new Answer<>();
        submit(coordinator -> coordinator.join(call(request, answer, version)));
        return answer;
    }

    Answer<JoinGroupResponseData> join(String memberId) {
        return join(joinRequest(memberId), 9);
    }

    /** Joins as a client does that has no id yet: asks for one, and comes again with it. */
    Answer<JoinGroupResponseData> joinAnew() {
        Answer<JoinGroupResponseData> first = join("");
        expect(Errors.MEMBER_ID_REQUIRED, first.get().errorCode());
        return join(first.get().memberId());
    }

    Answer<JoinGroupResponseData> joinStatic(String instanceId, int version) {
        return join(joinRequest("").setGroupInstanceId(instanceId), version);
    }

    Answer<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        Answer<SyncGroupResponseData> answer = new Answer<>();
        submit(coordinator -> coordinator.sync(call(request, answer, 5)));
        return answer;
    }

    Answer<SyncGroupResponseData> sync(JoinGroupResponseData joined) {
        return sync(joined, Map.of());
    }

    Answer<SyncGroupResponseData> sync(JoinGroupResponseData joined, Map<String, String> assignments) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId())
                .setProtocolType(joined.protocolType())
                .setProtocolName(joined.protocolName());
        assignments.forEach((member, assignment) -> request.assignments()
                .add(new SyncGroupRequestAssignment().setMemberId(member).setAssignment(bytes(assignment))));
        return sync(request);
    }

    Errors heartbeat(String memberId, int generation) {
        return heartbeat(new HeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation));
    }

    Errors heartbeat(HeartbeatRequestData request) {
        Answer<HeartbeatResponseData> answer = new Answer<>();
        submit(coordinator -> coordinator.heartbeat(call(request, answer, 4)));
        return Errors.forCode(answer.get().errorCode());
    }

    Errors leave(MemberIdentity identity) {
        Answer<LeaveGroupResponseData> answer = new Answer<>();
        submit(coordinator -> coordinator.leave(GROUP, call(List.of(identity), answer, 5)));
        return Errors.forCode(answer.get().members().getFirst().errorCode());
    }

    Errors leave(String memberId) {
        return leave(new MemberIdentity().setMemberId(memberId));
    }

    static OffsetCommitRequestData commitRequest(String memberId, int generation, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedLeaderEpoch(4)
                                .setCommittedMetadata("note")))));
    }

    Answer<OffsetCommitResponseData> commit(OffsetCommitRequestData request, int version) {
        Answer<OffsetCommitResponseData> answer = new Answer<>();
        submit(coordinator -> coordinator.commitOffsets(call(request, answer, version)));
        return answer;
    }

    Answer<OffsetCommitResponseData> commit(String memberId, int generation, long offset) {
        return commit(commitRequest(memberId, generation, offset), 9);
    }

    /** A commit of a client that is no member. */
    Errors commitSimple(long offset) {
        return error(commit("", -1, offset));
    }

    static Errors error(Answer<OffsetCommitResponseData> answer) {
        return Errors.forCode(
                answer.get().topics().getFirst().partitions().getFirst().errorCode());
    }

    Answer<OffsetFetchResponseGroup> fetchAll() {
        Answer<OffsetFetchResponseGroup> answer = new Answer<>();
        OffsetFetchRequestGroup request =
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null);
        submit(coordinator -> coordinator.fetchOffsets(call(request, answer, 9)));
        return answer;
    }

    /** The group's offsets, in the order of topics and partitions. */
    List<Long> offsets() {
        List<Long> offsets = new ArrayList<>();
        fetchAll()
                .get()
                .topics()
                .forEach(topic -> topic.partitions().forEach(each -> offsets.add(each.committedOffset())));
        return offsets;
    }

    Answer<DeletableGroupResult> delete() {
        Answer<DeletableGroupResult> answer = new Answer<>();
        submit(coordinator -> coordinator.deleteGroup(call(GROUP, answer, 2)));
        return answer;
    }

    <Q, A> Answer<A> ask(Q request, int version, Function<Call<Q, A>, Decision> decide) {
        Answer<A> answer = new Answer<>();
        submit(_ -> decide.apply(call(request, answer, version)));
        return answer;
    }

    DescribedGroup describe() {
        Answer<DescribedGroup> answer = ask(GROUP, 6, call -> state().describe(call));
        return answer.get();
    }

    List<ListedGroup> list(ListGroupsRequestData filters) {
        Answer<ListGroupsResponseData> answer = ask(filters, 5, call -> state().list(call));
        return answer.get().groups();
    }

    /** Forms a stable group of this many new members; each is given the text {@code part of} and its id. */
    List<JoinGroupResponseData> stableGroup(int size) {
        List<Answer<JoinGroupResponseData>> joins = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            joins.add(joinAnew());
        }
        return complete(joins);
    }

    /** Lets a first rebalance end, and has the leader assign. */
    List<JoinGroupResponseData> complete(List<Answer<JoinGroupResponseData>> joins) {
        for (int waited = 0; waited < REBALANCE_MS && !joins.getFirst().arrived(); waited += INITIAL_DELAY_MS) {
            timers.advance(INITIAL_DELAY_MS);
        }
        List<JoinGroupResponseData> joined = joins.stream().map(Answer::get).toList();
        assign(joined);
        return joined;
    }

    void assign(List<JoinGroupResponseData> joined) {
        Map<String, String> assignments = new TreeMap<>();
        joined.forEach(each -> assignments.put(each.memberId(), "part of " + each.memberId()));
        for (JoinGroupResponseData each : joined) {
            boolean leads = each.leader().equals(each.memberId());
            sync(each, leads ? assignments : Map.of());
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void expect(Errors error, short code) {
        if (error.code() != code) {
            throw new AssertionError("expected " + error + ", was " + Errors.forCode(code));
        }
    }
}
