package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Who may speak for a member of a {@link ConsumerGroup}, and in which epoch. */
final class ConsumerMemberRules {

    private ConsumerMemberRules() {}

    static Refusal unknownGroup(String groupId) {
        return new Refusal(Errors.GROUP_ID_NOT_FOUND, "There is no consumer group " + groupId + ".");
    }

    static Refusal unknownMember(ConsumerGroup group, String member) {
        return new Refusal(
                Errors.UNKNOWN_MEMBER_ID, "Group " + group.id() + " has no member " + member + ". Join it again.");
    }

    static Refusal fenced(String why) {
        return new Refusal(Errors.FENCED_MEMBER_EPOCH, why + " Give up all partitions, and join again with epoch 0.");
    }

    /** A static member speaks for its instance only as long as nobody has come in its place. */
    static @Nullable Refusal instanceRefusal(
            ConsumerGroup group, @Nullable ConsumerMember member, String memberId, String instanceId) {
        if (member == null) {
            return unknownMember(group, "with instance id " + instanceId);
        }
        return member.id().equals(memberId)
                ? null
                : new Refusal(
                        Errors.FENCED_INSTANCE_ID,
                        "Member " + member.id() + " has taken the place of " + memberId + " as instance " + instanceId
                                + ".");
    }

    /**
     * An instance is free for another member when the one that had it has said that it goes. That one itself may come
     * again, as it does when the answer to its first request got lost (Kafka refuses that, too).
     */
    static @Nullable Refusal unreleasedRefusal(ConsumerMember member, String memberId) {
        boolean free = member.isClassic() || member.current().epoch() == CurrentAssignment.LEFT_STATIC_EPOCH;
        return free || member.id().equals(memberId)
                ? null
                : new Refusal(
                        Errors.UNRELEASED_INSTANCE_ID,
                        "Instance " + member.instanceId() + " belongs to member " + member.id()
                                + ", which has not left.");
    }

    /**
     * A member speaks in its epoch, or in the one in which it spoke before, if the answers that told it of others got
     * lost or came too late: then it can own nothing but what it had, and that is still held for it. Kafka fences it
     * when two answers in a row are lost, or one with which it had something to give up.
     *
     * @param epoch not 0: who joins has none
     * @param owned null if the member did not say
     */
    static @Nullable Refusal epochRefusal(ConsumerMember member, int epoch, @Nullable Set<PartitionId> owned) {
        CurrentAssignment current = member.current();
        if (epoch > current.epoch()) {
            return fenced("Member " + member.id() + " is in epoch " + current.epoch() + ", not yet in " + epoch + ".");
        }
        boolean lostAnswer = epoch == current.previousEpoch() && owned != null && current.holdsAll(owned);
        return epoch == current.epoch() || lostAnswer
                ? null
                : fenced("Member " + member.id() + " is in epoch " + current.epoch() + ", no more in " + epoch + ".");
    }
}
