package io.millrace.log.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/** What DescribeGroups 0 to 6 and ListGroups 0 to 5 tell of the groups of one coordinator. */
final class GroupQueries {

    private static final short FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 6;
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";

    private final GroupTable groups;

    GroupQueries(GroupTable groups) {
        this.groups = groups;
    }

    /**
     * Metadata and assignments are told of a stable group only. An unknown group is Dead, from version 6 on an error.
     */
    DescribedGroup describe(String groupId, short version) {
        ClassicGroup group = groups.find(groupId);
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        if (group == null) {
            described.setGroupState(GroupState.DEAD.label());
            return version < FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND
                    ? described
                    : described
                            .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                            .setErrorMessage("There is no classic group " + groupId + ".");
        }
        boolean stable = group.is(GroupState.STABLE);
        String protocolType = group.protocolType();
        String protocol = group.protocol();
        return described
                .setGroupState(group.state().label())
                .setProtocolType(protocolType == null ? "" : protocolType)
                .setProtocolData(stable && protocol != null ? protocol : "")
                .setMembers(group.members().stream()
                        .map(each -> describe(group, each, stable))
                        .toList());
    }

    private static DescribedGroupMember describe(ClassicGroup group, Member member, boolean stable) {
        MemberIdentity identity = member.identity();
        DescribedGroupMember described = new DescribedGroupMember()
                .setMemberId(identity.memberId())
                .setGroupInstanceId(identity.instanceId())
                .setClientId(identity.clientId())
                .setClientHost(identity.clientHost());
        return stable
                ? described
                        .setMemberMetadata(member.metadata(group.protocol()))
                        .setMemberAssignment(member.assignment())
                : described;
    }

    /** Groups that pass the filters, of which an empty one passes all; states and types are compared without case. */
    List<ListedGroup> list(ListGroupsRequestData filters) {
        Set<String> states = ignoringCase(filters.statesFilter());
        Set<String> types = ignoringCase(filters.typesFilter());
        List<ListedGroup> listed = new ArrayList<>();
        groups.all().forEach(each -> listed.add(listed(each)));
        groups.allConsumers().forEach(each -> listed.add(listed(each)));
        return listed.stream()
                .filter(each -> states.isEmpty() || states.contains(each.groupState()))
                .filter(each -> types.isEmpty() || types.contains(each.groupType()))
                .toList();
    }

    private static Set<String> ignoringCase(List<String> names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(names);
        return set;
    }

    private static ListedGroup listed(ClassicGroup group) {
        String protocolType = group.protocolType();
        return new ListedGroup()
                .setGroupId(group.id())
                .setProtocolType(protocolType == null ? "" : protocolType)
                .setGroupState(group.state().label())
                .setGroupType(CLASSIC);
    }

    private static ListedGroup listed(ConsumerGroup group) {
        return new ListedGroup()
                .setGroupId(group.id())
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setGroupState(group.state().label())
                .setGroupType(CONSUMER);
    }
}
