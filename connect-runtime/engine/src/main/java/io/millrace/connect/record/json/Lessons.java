package io.millrace.connect.record.json;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of the schemas that came lately. Bounded: when there are too many, all are forgotten, and when the
 * last ones were of no use, because every record has a schema of its own, no more are taken in.
 *
 * <p><b>Threads.</b> Any. A lesson that two learn at once, or that gets lost so, is learned again.
 *
 * @param <L> a lesson
 */
final class Lessons<L> {

    private static final int KEPT_MAX = 64;
    private static final int FUTILE_MAX = 256;

    private volatile List<L> kept = List.of();
    private int futile;

    /** The lesson that applies; null if there is none yet. */
    @Nullable
    L find(Predicate<L> applies) {
        List<L> known = kept;
        for (int i = 0; i < known.size(); i++) {
            L lesson = known.get(i);
            if (applies.test(lesson)) {
                futile = 0;
                return lesson;
            }
        }
        return null;
    }

    /** Whether one more would be taken in. */
    boolean wanted() {
        return futile < FUTILE_MAX;
    }

    void add(L lesson) {
        futile++;
        List<L> before = kept;
        kept = before.size() < KEPT_MAX
                ? Stream.concat(before.stream(), Stream.of(lesson)).toList()
                : List.of(lesson);
    }
}
