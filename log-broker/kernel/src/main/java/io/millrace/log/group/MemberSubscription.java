package io.millrace.log.group;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a {@link ConsumerGroup} wants. Immutable.
 *
 * @param topics that it names
 * @param regex whose topics it reads as well; empty if it gave none
 * @param assignor on the server that it prefers; null to leave it to the others
 * @param rackId where it stands; null if it does not say
 * @param rebalanceTimeoutMs for how long it may go on with what it has to give up
 * @param classic null if it speaks the consumer protocol
 */
record MemberSubscription(
        SortedSet<String> topics,
        String regex,
        @Nullable String assignor,
        @Nullable String rackId,
        int rebalanceTimeoutMs,
        @Nullable ClassicFace classic) {

    /** Of a member that has not said anything yet. */
    static final MemberSubscription NONE = new MemberSubscription(new TreeSet<>(), "", null, null, -1, null);

    MemberSubscription {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    /** Whether the other one asks for the same topics. */
    boolean wantsSame(MemberSubscription other) {
        return topics.equals(other.topics) && regex.equals(other.regex);
    }

    boolean hasRegex() {
        return !regex.isEmpty();
    }
}
