package io.millrace.log.group;

import static io.millrace.log.group.GroupFixture.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A consumer as the official client is one: joins, assigns if it leads, asks for its part, and sends heartbeats. */
final class SimMember {

    static final int PARTITIONS = 12;

    private final GroupFixture group;
    private final String name;
    private final @Nullable String instanceId;
    private String memberId = "";
    private int generation = -1;
    private @Nullable Answer<JoinGroupResponseData> joining;
    private @Nullable Answer<SyncGroupResponseData> syncing;
    private @Nullable List<Integer> owned;
    private boolean fenced;

    SimMember(GroupFixture group, String name, @Nullable String instanceId) {
        this.group = group;
        this.name = name;
        this.instanceId = instanceId;
    }

    /** The owner of what this member owns: a static member keeps its part under another id. */
    String name() {
        return instanceId == null ? name : instanceId;
    }

    int generation() {
        return generation;
    }

    /** What it was given in its generation; null while it has nothing. */
    @Nullable
    List<Integer> owned() {
        return owned;
    }

    boolean isFenced() {
        return fenced;
    }

    /** Does whatever is next. */
    void act() {
        if (fenced) {
            return;
        }
        if (joining != null) {
            joined(joining);
        } else if (syncing != null) {
            synced(syncing);
        } else if (owned != null) {
            react(group.heartbeat(new HeartbeatRequestData()
                    .setGroupId(GroupFixture.GROUP)
                    .setMemberId(memberId)
                    .setGroupInstanceId(instanceId)
                    .setGenerationId(generation)));
        } else {
            joining = group.join(GroupFixture.joinRequest(memberId).setGroupInstanceId(instanceId), 9);
        }
    }

    void leave() {
        if (!memberId.isEmpty()) {
            group.leave(new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId));
        }
        owned = null;
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
            assign(response.members())
                    .forEach((member, part) -> request.assignments()
                            .add(new SyncGroupRequestAssignment()
                                    .setMemberId(member)
                                    .setAssignment(GroupFixture.bytes(part))));
        }
        syncing = group.sync(request);
    }

    private static Map<String, String> assign(List<JoinGroupResponseMember> members) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String member = members.get(partition % members.size()).memberId();
            parts.merge(member, Integer.toString(partition), (a, b) -> a + "," + b);
        }
        return parts;
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
        List<Integer> parts = new ArrayList<>();
        for (String part : text(answer.get().assignment()).split(",", -1)) {
            if (!part.isEmpty()) {
                parts.add(Integer.parseInt(part));
            }
        }
        owned = parts;
    }

    private void react(Errors error) {
        switch (error) {
            case NONE, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> {}
            case REBALANCE_IN_PROGRESS -> owned = null;
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> {
                owned = null;
                memberId = error == Errors.UNKNOWN_MEMBER_ID ? "" : memberId;
            }
            case FENCED_INSTANCE_ID -> {
                owned = null;
                fenced = true;
            }
            default -> throw new AssertionError("a client does not expect " + error);
        }
    }

    @Override
    public String toString() {
        return name() + " (" + memberId + ", generation " + generation + ", owns " + owned + ")";
    }
}
