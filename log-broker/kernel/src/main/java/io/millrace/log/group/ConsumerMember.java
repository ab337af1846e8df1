package io.millrace.log.group;

import org.jspecify.annotations.Nullable;

/**
 * A member of a {@link ConsumerGroup}. Immutable: a change makes another one, and a record in the log.
 *
 * @param profile who it is and what it wants
 * @param current what it holds
 */
record ConsumerMember(Profile profile, CurrentAssignment current) {

    /** A member without what it holds, as one kind of record keeps it. */
    record Profile(MemberIdentity identity, MemberSubscription subscription) {}

    /** One of which nothing is known but its id. */
    static ConsumerMember unknown(String memberId) {
        MemberIdentity identity = new MemberIdentity(memberId, null, "", "");
        return new ConsumerMember(new Profile(identity, MemberSubscription.NONE), CurrentAssignment.JOINING);
    }

    String id() {
        return profile.identity().memberId();
    }

    @Nullable
    String instanceId() {
        return profile.identity().instanceId();
    }

    MemberSubscription subscription() {
        return profile.subscription();
    }

    /** Null if the member speaks the consumer protocol. */
    @Nullable
    ClassicFace classic() {
        return profile.subscription().classic();
    }

    boolean isClassic() {
        return classic() != null;
    }

    ConsumerMember with(Profile newProfile) {
        return new ConsumerMember(newProfile, current);
    }

    ConsumerMember with(CurrentAssignment newCurrent) {
        return new ConsumerMember(profile, newCurrent);
    }

    /** The same, wanting and holding the same, under another id that begins in epoch 0. */
    ConsumerMember successor(String memberId) {
        Profile renamed = new Profile(profile.identity().withMemberId(memberId), profile.subscription());
        return new ConsumerMember(renamed, current.inherited());
    }
}
