package io.millrace.log.transaction;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over whole transactional ids, as ListTransactions takes it from anybody: looking for a match is
 * given up after a bounded number of steps, which only expressions made for it, or badly made ones, need.
 */
final class IdPattern {

    private static final int STEPS_MAX = 100_000;

    private final @Nullable Pattern pattern;

    private IdPattern(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @param regex null or empty to match everything
     * @throws PatternSyntaxException if it is none
     */
    static IdPattern of(@Nullable String regex) {
        return new IdPattern(regex == null || regex.isEmpty() ? null : Pattern.compile(regex));
    }

    /** @throws PatternSyntaxException if it takes too many steps to tell */
    boolean matches(String transactionalId) {
        if (pattern == null) {
            return true;
        }
        try {
            return pattern.matcher(new Counted(transactionalId, 0, transactionalId.length(), new int[1]))
                    .matches();
        } catch (StackOverflowError tooDeep) {
            throw tooLong();
        }
    }

    private PatternSyntaxException tooLong() {
        return new PatternSyntaxException("takes too many steps", String.valueOf(pattern), -1);
    }

    /** Counts how often it is looked at. */
    private final class Counted implements CharSequence {
        private final String text;
        private final int start;
        private final int end;
        private final int[] steps;

        Counted(String text, int start, int end, int[] steps) {
            this.text = text;
            this.start = start;
            this.end = end;
            this.steps = steps;
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            steps[0]++;
            if (steps[0] > STEPS_MAX) {
                throw tooLong();
            }
            return text.charAt(start + index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(text, start + from, start + to, steps);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }
}
