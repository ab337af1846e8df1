package io.millrace.log.group;

import org.jspecify.annotations.Nullable;

/**
 * Who a member is.
 *
 * @param memberId given by the coordinator
 * @param instanceId given by the user to a static member (KIP-345); null for a dynamic member
 */
public record MemberIdentity(String memberId, @Nullable String instanceId, String clientId, String clientHost) {

    MemberIdentity withMemberId(String newMemberId) {
        return new MemberIdentity(newMemberId, instanceId, clientId, clientHost);
    }
}
