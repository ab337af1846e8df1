package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups on a whole broker of two shards: connection, coordinator and topic are rarely on the same one. */
class GroupTest {

    private static final int INITIAL_DELAY_MS = 3_000;

    private final BrokerFixture broker = new BrokerFixture(2);
    private TestClient client = broker.connect(0);

    @BeforeEach
    void topic() {
        created(client, "orders", 2);
    }

    private FindCoordinatorResponseData find(int keyType, String... groups) {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData().setKeyType((byte) keyType).setCoordinatorKeys(List.of(groups));
        return client.call(FindCoordinatorResponseData.class, request, 6);
    }

    private JoinGroupRequestData joinRequest(String group, String memberId) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(60_000)
                .setProtocolType("connect");
        request.protocols()
                .add(new JoinGroupRequestProtocol().setName("sessioned").setMetadata(new byte[] {1, 2}));
        return request;
    }

    /** One member, alone and stable in its group. */
    private JoinGroupResponseData member(String group) {
        find(0, group);
        JoinGroupResponseData first = client.call(JoinGroupResponseData.class, joinRequest(group, ""), 9);
        assertThat(error(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        long join = client.send(joinRequest(group, first.memberId()), 9);
        broker.pass(INITIAL_DELAY_MS);
        JoinGroupResponseData joined = Objects.requireNonNull(client.poll(JoinGroupResponseData.class, join));
        SyncGroupRequestData sync = new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId())
                .setProtocolType(joined.protocolType())
                .setProtocolName(joined.protocolName())
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(new byte[] {3, 4})));
        SyncGroupResponseData synced = client.call(SyncGroupResponseData.class, sync, 5);
        assertThat(synced.assignment()).containsExactly(3, 4);
        return joined;
    }

    private OffsetCommitRequestData commitRequest(String group, String topic, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    private Errors commit(OffsetCommitRequestData request) {
        return firstError(client.call(OffsetCommitResponseData.class, request, 9));
    }

    private static Errors firstError(OffsetCommitResponseData answer) {
        return error(answer.topics().getFirst().partitions().getFirst().errorCode());
    }

    /** The offsets of each group in the order asked for; -1 for a group that has none. */
    private List<Long> offsets(String... groups) {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(Stream.of(groups)
                        .map(group ->
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null))
                        .toList());
        List<Long> offsets = new ArrayList<>();
        for (OffsetFetchResponseGroup group :
                client.call(OffsetFetchResponseData.class, request, 9).groups()) {
            assertThat(error(group.errorCode())).isEqualTo(Errors.NONE);
            offsets.add(
                    group.topics().isEmpty()
                            ? -1
                            : group.topics().getFirst().partitions().getFirst().committedOffset());
        }
        return offsets;
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of(ending("clean stop", BrokerFixture::restart)),
                Arguments.of(ending("crash", BrokerFixture::crashAndRestart)),
                Arguments.of(ending("power cut", BrokerFixture::cutPowerAndRestart)));
    }

    private static Named<Consumer<BrokerFixture>> ending(String name, Consumer<BrokerFixture> end) {
        return Named.of(name, end);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void aGroupAndItsOffsetsSurviveARestart(Consumer<BrokerFixture> end) {
        JoinGroupResponseData member = member("shop");
        OffsetCommitRequestData commit = commitRequest("shop", "orders", 42)
                .setMemberId(member.memberId())
                .setGenerationIdOrMemberEpoch(member.generationId());
        assertThat(commit(commit)).isEqualTo(Errors.NONE);

        end.accept(broker);
        client = broker.connect(1);

        assertThat(offsets("shop")).containsExactly(42L);
        HeartbeatRequestData heartbeat = new HeartbeatRequestData()
                .setGroupId("shop")
                .setMemberId(member.memberId())
                .setGenerationId(member.generationId());
        assertThat(error(client.call(HeartbeatResponseData.class, heartbeat, 4).errorCode()))
                .isEqualTo(Errors.NONE);
        var described = client.call(
                        DescribeGroupsResponseData.class,
                        new DescribeGroupsRequestData()
                                .setGroups(List.of("shop"))
                                .setIncludeAuthorizedOperations(true),
                        6)
                .groups()
                .getFirst();
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.protocolType()).isEqualTo("connect");
        assertThat(described.members().getFirst().memberAssignment()).containsExactly(3, 4);
        assertThat(described.members().getFirst().clientHost()).isEqualTo("/10.0.0.7");
        assertThat(described.authorizedOperations()).isPositive();
    }

    @Test
    void aCommitIsAnsweredWhenItIsOnDisk() {
        find(0, "shop");
        broker.holdSyncs();
        long commit = client.send(commitRequest("shop", "orders", 7), 9);
        assertThat(client.poll(OffsetCommitResponseData.class, commit)).isNull();

        broker.releaseSyncs();

        assertThat(firstError(Objects.requireNonNull(client.poll(OffsetCommitResponseData.class, commit))))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void aCommitThatCannotReachTheDiskIsNotAnsweredAsDone() {
        find(0, "shop");
        broker.holdSyncs();
        long commit = client.send(commitRequest("shop", "orders", 7), 9);

        broker.failSyncs();

        assertThat(firstError(Objects.requireNonNull(client.poll(OffsetCommitResponseData.class, commit))))
                .isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(broker.stoppedPartitions).hasSize(1);
    }

    @Test
    void aCommitThatTakesTooLongIsToBeTriedAgain() {
        find(0, "shop");
        broker.holdSyncs();
        long commit = client.send(commitRequest("shop", "orders", 7), 9);

        broker.pass(5_000);

        assertThat(firstError(Objects.requireNonNull(client.poll(OffsetCommitResponseData.class, commit))))
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void manyGroupsAreSpreadAndAnsweredTogether() {
        String[] groups = IntStream.range(0, 20).mapToObj(i -> "group-" + i).toArray(String[]::new);
        assertThat(find(0, groups).coordinators()).hasSize(20).allSatisfy(each -> {
            assertThat(error(each.errorCode())).isEqualTo(Errors.NONE);
            assertThat(each.host()).isEqualTo("10.0.0.1");
        });
        for (int i = 0; i < 20; i += 2) {
            assertThat(commit(commitRequest(groups[i], "orders", i))).isEqualTo(Errors.NONE);
        }

        assertThat(offsets(groups))
                .isEqualTo(IntStream.range(0, 20)
                        .mapToObj(i -> i % 2 == 0 ? (long) i : -1L)
                        .toList());
        ListGroupsResponseData listed = client.call(ListGroupsResponseData.class, new ListGroupsRequestData(), 5);
        assertThat(listed.groups()).hasSize(10).allSatisfy(each -> {
            assertThat(each.groupState()).isEqualTo("Empty");
            assertThat(each.groupType()).isEqualTo("classic");
        });
    }

    @Test
    void theFirstToAskHasTheOffsetsTopicMade() {
        FindCoordinatorRequestData old = new FindCoordinatorRequestData().setKey("shop");
        FindCoordinatorResponseData answer = client.call(FindCoordinatorResponseData.class, old, 0);

        assertThat(error(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.nodeId()).isEqualTo(1);
        assertThat(answer.port()).isEqualTo(9092);
        var topic = Objects.requireNonNull(broker.shard(0).image().topic("__consumer_offsets"));
        assertThat(topic.partitions()).hasSize(8);
        assertThat(topic.configs()).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void otherCoordinatorsAreNotToBeAskedForAgain() {
        assertThat(error(find(2, "g:t:0").coordinators().getFirst().errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aTopicThatDoesNotExistTakesNoOffsets() {
        find(0, "shop");
        OffsetCommitRequestData both = commitRequest("shop", "nowhere", 1);
        List<OffsetCommitRequestTopic> topics = new ArrayList<>(both.topics());
        topics.addAll(commitRequest("shop", "orders", 2).topics());

        OffsetCommitResponseData answer = client.call(OffsetCommitResponseData.class, both.setTopics(topics), 9);

        answer.topics()
                .forEach(topic -> assertThat(error(topic.partitions().getFirst().errorCode()))
                        .isEqualTo(topic.name().equals("orders") ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(offsets("shop")).containsExactly(2L);
    }

    @Test
    void offsetsOfADeletedTopicAreForgotten() {
        find(0, "shop");
        commit(commitRequest("shop", "orders", 7));
        DeleteTopicsRequestData delete = new DeleteTopicsRequestData()
                .setTopics(List.of(new DeleteTopicState().setName("orders")))
                .setTimeoutMs(1000);
        client.call(DeleteTopicsResponseData.class, delete, 6);

        assertThat(offsets("shop")).containsExactly(-1L);
    }

    @Test
    void withoutItsTopicThereIsNoCoordinator() {
        assertThat(commit(commitRequest("shop", "orders", 1))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void oldVersionsAreAnsweredInTheirOwnWay() {
        JoinGroupResponseData member = member("shop");
        commit(commitRequest("shop", "orders", 1));
        JoinGroupResponseData unknown = client.call(
                JoinGroupResponseData.class, joinRequest("shop", "nobody").setProtocolType("connect"), 1);
        assertThat(error(unknown.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(unknown.protocolName()).isEmpty();

        OffsetFetchRequestData fetch = new OffsetFetchRequestData()
                .setGroupId("shop")
                .setTopics(
                        List.of(new OffsetFetchRequestTopic().setName("orders").setPartitionIndexes(List.of(0, 1))));
        OffsetFetchResponseData fetched = client.call(OffsetFetchResponseData.class, fetch, 1);
        assertThat(fetched.topics().getFirst().partitions()).hasSize(2);

        LeaveGroupRequestData stranger =
                new LeaveGroupRequestData().setGroupId("shop").setMemberId("nobody");
        assertThat(error(client.call(LeaveGroupResponseData.class, stranger, 2).errorCode()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        LeaveGroupRequestData leave =
                new LeaveGroupRequestData().setGroupId("shop").setMemberId(member.memberId());
        assertThat(error(client.call(LeaveGroupResponseData.class, leave, 0).errorCode()))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void aDeletedGroupStaysDeleted() {
        find(0, "shop", "other");
        commit(commitRequest("shop", "orders", 7));
        DeleteGroupsRequestData delete = new DeleteGroupsRequestData().setGroupsNames(List.of("shop", "gone"));
        DeleteGroupsResponseData answer = client.call(DeleteGroupsResponseData.class, delete, 2);
        assertThat(error(answer.results().find("shop").errorCode())).isEqualTo(Errors.NONE);
        assertThat(error(answer.results().find("gone").errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);

        broker.crashAndRestart();
        client = broker.connect(0);

        assertThat(offsets("shop")).containsExactly(-1L);
    }
}
