package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the classic protocol as the official client is one, with one of Kafka's assignors: an eager one gives
 * everything up before it joins again; a cooperative one what it is not given any more, and joins again when it has.
 */
final class SimClassicConsumer implements SimReader {

    private final ConsumerFixture group;
    private final String name;
    private final @Nullable String instanceId;
    private final ConsumerPartitionAssignor assignor;
    private final List<String> topics;
    private final SortedSet<PartitionId> owned = new TreeSet<>();
    private String memberId = "";
    private int generation = -1;
    private int ownedGeneration = -1;
    private boolean joins = true;
    private @Nullable Answer<JoinGroupResponseData> joining;
    private @Nullable Answer<SyncGroupResponseData> syncing;
    private boolean refused;

    SimClassicConsumer(
            ConsumerFixture group,
            String name,
            @Nullable String instanceId,
            ConsumerPartitionAssignor assignor,
            List<String> topics) {
        this.group = group;
        this.name = name;
        this.instanceId = instanceId;
        this.assignor = assignor;
        this.topics = topics;
    }

    @Override
    public String name() {
        return instanceId == null ? name : instanceId;
    }

    String memberId() {
        return memberId;
    }

    @Override
    public @Nullable String instanceId() {
        return instanceId;
    }

    @Override
    public int epoch() {
        return ownedGeneration;
    }

    @Override
    public SortedSet<PartitionId> owned() {
        return owned;
    }

    @Override
    public boolean isRefused() {
        return refused;
    }

    private boolean isCooperative() {
        return assignor.supportedProtocols().contains(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public void act(SplittableRandom random) {
        if (joining != null) {
            joined(joining);
        } else if (syncing != null) {
            synced(syncing);
        } else if (joins) {
            join();
        } else {
            react(heartbeat());
        }
    }

    Errors heartbeat() {
        return group.group.heartbeat(new HeartbeatRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation));
    }

    private void join() {
        if (!isCooperative()) {
            owned.clear();
        }
        Subscription subscription =
                new Subscription(topics, null, topicPartitions(owned), ownedGeneration, Optional.empty());
        JoinGroupRequestData request = GroupFixture.joinRequest(memberId).setGroupInstanceId(instanceId);
        request.protocols().clear();
        request.protocols()
                .add(new JoinGroupRequestProtocol()
                        .setName(assignor.name())
                        .setMetadata(Utils.toArray(ConsumerProtocol.serializeSubscription(subscription))));
        joining = group.group.join(request, 9);
    }

    private List<TopicPartition> topicPartitions(SortedSet<PartitionId> partitions) {
        List<TopicPartition> named = new ArrayList<>();
        for (PartitionId each : partitions) {
            var topic = group.topics.image().topic(each.topic());
            if (topic != null) {
                named.add(new TopicPartition(topic.name(), each.index()));
            }
        }
        return named;
    }

    @Override
    public void leave() {
        owned.clear();
        MemberIdentity identity = new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId);
        Answer<LeaveGroupResponseData> _ = group.group.ask(
                List.of(identity), 5, call -> group.group.state().leave(GroupFixture.GROUP, call));
    }

    private void joined(Answer<JoinGroupResponseData> answer) {
        if (!answer.arrived()) {
            return;
        }
        joining = null;
        JoinGroupResponseData response = answer.get();
        Errors error = Errors.forCode(response.errorCode());
        if (error == Errors.MEMBER_ID_REQUIRED) {
            memberId = response.memberId();
            return;
        }
        if (error != Errors.NONE) {
            react(error);
            return;
        }
        memberId = response.memberId();
        generation = response.generationId();
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(GroupFixture.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation)
                .setProtocolType(response.protocolType())
                .setProtocolName(response.protocolName());
        if (response.leader().equals(memberId) && !response.skipAssignment()) {
            request.setAssignments(assign(response));
        }
        syncing = group.group.sync(request);
    }

    private List<SyncGroupRequestAssignment> assign(JoinGroupResponseData response) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        response.members().forEach(each -> {
            Subscription subscription = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(each.metadata()));
            subscription.setGroupInstanceId(Optional.ofNullable(each.groupInstanceId()));
            subscriptions.put(each.memberId(), subscription);
        });
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        assignor.assign(cluster(), new GroupSubscription(subscriptions))
                .groupAssignment()
                .forEach((member, assignment) -> assignments.add(new SyncGroupRequestAssignment()
                        .setMemberId(member)
                        .setAssignment(Utils.toArray(ConsumerProtocol.serializeAssignment(assignment)))));
        return assignments;
    }

    private Cluster cluster() {
        List<PartitionInfo> partitions = new ArrayList<>();
        Node[] none = {};
        group.topics.image().topics().forEach(topic -> {
            for (int index = 0; index < topic.partitions().size(); index++) {
                partitions.add(new PartitionInfo(topic.name(), index, Node.noNode(), none, none));
            }
        });
        return new Cluster("cluster", List.of(), partitions, Set.of(), Set.of());
    }

    private void synced(Answer<SyncGroupResponseData> answer) {
        if (!answer.arrived()) {
            return;
        }
        syncing = null;
        Errors error = Errors.forCode(answer.get().errorCode());
        if (error != Errors.NONE) {
            react(error);
            return;
        }
        SortedSet<PartitionId> given = EmbeddedProtocol.assigned(answer.get().assignment(), group.topics.image());
        joins = isCooperative() && !given.containsAll(owned);
        owned.clear();
        owned.addAll(given);
        ownedGeneration = generation;
    }

    private void react(Errors error) {
        switch (error) {
            case NONE, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> {}
            case REBALANCE_IN_PROGRESS -> joins = true;
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> {
                owned.clear();
                joins = true;
                ownedGeneration = -1;
                memberId = error == Errors.UNKNOWN_MEMBER_ID ? "" : memberId;
            }
            case FENCED_INSTANCE_ID -> {
                owned.clear();
                refused = true;
            }
            default -> throw new AssertionError("a client does not expect " + error);
        }
    }

    @Override
    public String toString() {
        return name() + " (" + memberId + ", generation " + generation + ", owns " + owned + ")";
    }
}
