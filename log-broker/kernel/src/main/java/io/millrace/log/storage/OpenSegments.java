package io.millrace.log.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/** Bounds how many sealed segments of a log keep their files open: those that were used last. */
final class OpenSegments {

    private static final int OPEN_MAX = 8;

    private final Deque<Segment> used = new ArrayDeque<>();
    private final Predicate<Segment> mustStayOpen;

    /**
     * @param mustStayOpen segments that are not closed, however long they were not used
     */
    OpenSegments(Predicate<Segment> mustStayOpen) {
        this.mustStayOpen = mustStayOpen;
    }

    /** To be called whenever a sealed segment may have opened its files. */
    void use(Segment segment) {
        if (used.peekLast() == segment) {
            return;
        }
        used.remove(segment);
        used.addLast(segment);
        Iterator<Segment> oldest = used.iterator();
        while (used.size() > OPEN_MAX && oldest.hasNext()) {
            Segment candidate = oldest.next();
            if (candidate != segment && !mustStayOpen.test(candidate)) {
                candidate.close();
                oldest.remove();
            }
        }
    }

    void forget(Segment segment) {
        used.remove(segment);
    }
}
