package io.millrace.log.group;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over whole topic names, in the syntax of RE2/J (KIP-848). RE2/J never backtracks: a match takes
 * at most as many steps as the name has characters, times the expression's size with its repetitions written out. That
 * size is bounded, since anybody may send one.
 */
final class TopicRegex {

    static final int SIZE_MAX = 10_000;

    private final Pattern pattern;
    private final long size;

    private TopicRegex(Pattern pattern, long size) {
        this.pattern = pattern;
        this.size = size;
    }

    /** Why nobody can subscribe to the expression; null if they can. */
    static @Nullable Refusal refusal(String regex) {
        try {
            parse(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return new Refusal(
                    Errors.INVALID_REGULAR_EXPRESSION,
                    "SubscribedTopicRegex " + regex + " is not a regular expression of RE2/J: " + e.getDescription()
                            + ".");
        }
    }

    /** Null if it is none, as a record of somebody else may say. */
    static @Nullable TopicRegex of(String regex) {
        try {
            return parse(regex);
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private static TopicRegex parse(String regex) {
        long size = RegexSize.of(regex, SIZE_MAX);
        if (size > SIZE_MAX) {
            throw new PatternSyntaxException(
                    "it has more than " + SIZE_MAX + " characters with its repetitions written out");
        }
        return new TopicRegex(Pattern.compile(regex), size);
    }

    boolean matches(String topic) {
        return pattern.matches(topic);
    }

    /** What {@link #matches} takes at most. */
    long steps(String topic) {
        return size * topic.length();
    }
}
