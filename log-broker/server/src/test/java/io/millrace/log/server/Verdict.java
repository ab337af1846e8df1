package io.millrace.log.server;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found of a broker's promises.
 *
 * @param acknowledged promises that were held against what is stored
 * @param lost of them that were not kept
 * @param flaws what else must not be: something stored twice, out of order, or other than it was shown before
 */
record Verdict(long acknowledged, long lost, List<String> flaws) {

    private static final int FLAWS_TOLD_MAX = 20;

    static final Verdict NOTHING = new Verdict(0, 0, List.of());

    Verdict and(Verdict other) {
        List<String> all = Stream.concat(flaws.stream(), other.flaws.stream())
                .limit(FLAWS_TOLD_MAX)
                .toList();
        return new Verdict(acknowledged + other.acknowledged, lost + other.lost, all);
    }

    /** Collects what is found. */
    static final class Findings {
        private long lost;
        private final List<String> flaws = new ArrayList<>();

        void lost(String what) {
            lost++;
            flaw(what);
        }

        void flaw(String what) {
            if (flaws.size() < FLAWS_TOLD_MAX) {
                flaws.add(what);
            }
        }

        Verdict of(long acknowledged) {
            return new Verdict(acknowledged, lost, List.copyOf(flaws));
        }
    }
}
