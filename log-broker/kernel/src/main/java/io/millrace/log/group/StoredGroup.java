package io.millrace.log.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as it stands in the log: one generation with its members, or none.
 *
 * @param protocolType null if no member ever joined
 * @param protocol null if the group has no members
 * @param leader null if the group has no members
 * @param stateTimestampMs when the group reached its state; -1 if an old record does not say
 */
record StoredGroup(
        @Nullable String protocolType,
        int generation,
        @Nullable String protocol,
        @Nullable String leader,
        long stateTimestampMs,
        List<StoredMember> members) {}
