package io.millrace.connect.log;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which topics a reader reads: by name, or by a pattern that also catches topics made later. */
public sealed interface TopicSelection {

    /** Whether the selection takes in this topic. */
    boolean contains(String topic);

    /** The topics with these names. */
    record Named(List<String> topics) implements TopicSelection {

        public Named {
            topics = List.copyOf(topics);
        }

        @Override
        public boolean contains(String topic) {
            return topics.contains(topic);
        }
    }

    /** Every topic whose whole name matches. */
    record Matching(Pattern pattern) implements TopicSelection {

        @Override
        public boolean contains(String topic) {
            return pattern.matcher(topic).matches();
        }
    }

    /** What this selects, and one more topic. */
    default TopicSelection and(String topic) {
        return switch (this) {
            case Named named ->
                new Named(
                        Stream.concat(named.topics().stream(), Stream.of(topic)).toList());
            case Matching matching ->
                new Matching(Pattern.compile("(?:" + matching.pattern().pattern() + ")|" + Pattern.quote(topic)));
        };
    }

    /** Those of {@code topics} that the selection takes in. */
    default List<String> among(Collection<String> topics) {
        return topics.stream().filter(this::contains).sorted().collect(Collectors.toList());
    }
}
