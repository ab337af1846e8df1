package io.millrace.log.group;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many characters a regular expression of RE2/J has with its repetitions written out: each stands for its count
 * times the character, class or group before it. What is no expression has some size, too.
 */
final class RegexSize {

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

    private final String regex;
    private final long max;
    private final Deque<Long> outer = new ArrayDeque<>();
    private final Matcher repetition;

    /** Of the innermost group that is open, without {@link #last}. */
    private long before;

    /** What a repetition would repeat. */
    private long last;

    private RegexSize(String regex, long max) {
        this.regex = regex;
        this.max = max;
        this.repetition = REPETITION.matcher(regex);
    }

    /** @param max of which no more than one above is given */
    static long of(String regex, long max) {
        return new RegexSize(regex, max).size();
    }

    private long size() {
        int at = 0;
        while (at < regex.length()) {
            at = step(at);
        }
        while (!outer.isEmpty()) {
            close();
        }
        return bounded(before + last);
    }

    /** Takes in what begins at an index, and gives the index behind it. */
    private int step(int at) {
        return switch (regex.charAt(at)) {
            case '(' -> open(at);
            case ')' -> {
                close();
                yield at + 1;
            }
            case '*', '+', '?' -> {
                last++;
                yield at + 1;
            }
            case '{' -> repeated(at);
            case '\\' -> regex.startsWith("\\Q", at) ? quoted(at) : atom(at, endOfEscape(at));
            case '[' -> atom(at, endOfClass(at));
            default -> atom(at, at + 1);
        };
    }

    private int open(int at) {
        outer.push(before + last);
        before = 0;
        last = 1;
        return at + 1;
    }

    private int atom(int from, int to) {
        before = bounded(before + last);
        last = (long) to - from;
        return to;
    }

    private void close() {
        long inner = before + last + 1;
        before = outer.isEmpty() ? 0 : outer.pop();
        last = bounded(inner);
    }

    private int repeated(int at) {
        repetition.region(at, regex.length());
        if (!repetition.lookingAt()) {
            return atom(at, at + 1);
        }
        String most = repetition.group(2) == null || repetition.group(2).isEmpty()
                ? repetition.group(1)
                : repetition.group(2);
        boolean small = most.length() <= String.valueOf(max).length();
        long count = small ? Math.max(1, Long.parseLong(most)) : max + 1;
        last = bounded(last * bounded(count));
        return repetition.end();
    }

    private int quoted(int at) {
        int end = regex.indexOf("\\E", at + 2);
        int to = end < 0 ? regex.length() : end + 2;
        before = bounded(before + last + to - at);
        last = 1;
        return to;
    }

    /** As far as that of {@code \\x{10FFFF}} and {@code \\p{Greek}}. */
    private int endOfEscape(int at) {
        int braces = at + 2;
        boolean hasBraces = braces < regex.length() && "xpP".indexOf(regex.charAt(at + 1)) >= 0 && isAt('{', braces);
        int end = hasBraces ? regex.indexOf('}', braces) : -1;
        return end < 0 ? Math.min(at + 2, regex.length()) : end + 1;
    }

    /** A bracket that comes first is one of the class. */
    private int endOfClass(int at) {
        int from = isAt('^', at + 1) ? at + 2 : at + 1;
        int next = isAt(']', from) ? from + 1 : from;
        while (next < regex.length() && !isAt(']', next)) {
            next = isAt('\\', next) ? next + 2 : endOfNamed(next);
        }
        return Math.min(next + 1, regex.length());
    }

    /** Behind a name such as {@code [:alpha:]}, or one character. */
    private int endOfNamed(int at) {
        int end = regex.startsWith("[:", at) ? regex.indexOf(":]", at + 2) : -1;
        return end < 0 ? at + 1 : end + 2;
    }

    private boolean isAt(char expected, int at) {
        return at < regex.length() && regex.charAt(at) == expected;
    }

    private long bounded(long size) {
        return Math.min(size, max + 1);
    }
}
