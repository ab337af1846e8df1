package io.millrace.log.group;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The topics that a regular expression of a {@link ConsumerGroup} stands for. Immutable.
 *
 * @param version of the metadata that was looked at; kept as it was found in the log, and not used
 * @param timestampMs when that was
 */
record ResolvedRegex(SortedSet<String> topics, long version, long timestampMs) {

    ResolvedRegex {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }
}
