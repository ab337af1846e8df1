package io.millrace.bench.report;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One quantity of one scenario.
 *
 * @param ours by round; empty if it was not measured
 * @param peer by round; empty if it was not measured
 * @param mark null if nothing is wanted of it
 */
public record Comparison(
        String scenario,
        Measure measure,
        List<Double> ours,
        List<Double> peer,
        @Nullable Mark mark) {

    public Comparison {
        ours = List.copyOf(ours);
        peer = List.copyOf(peer);
    }

    /** Our median to the peer's; null if there is nothing to compare with. */
    public @Nullable Double ratio() {
        if (ours.isEmpty() || peer.isEmpty() || Spread.of(peer).median() == 0) {
            return null;
        }
        return Spread.of(ours).median() / Spread.of(peer).median();
    }

    /** The ratios of single rounds; null if there is nothing to compare with. */
    public @Nullable Spread ratios() {
        List<Double> each = IntStream.range(0, Math.min(ours.size(), peer.size()))
                .filter(round -> peer.get(round) != 0)
                .mapToObj(round -> ours.get(round) / peer.get(round))
                .toList();
        return each.isEmpty() ? null : Spread.of(each);
    }

    /** "met", "missed", or nothing. */
    public String verdict() {
        Double seen = ratio();
        if (mark == null || seen == null) {
            return "";
        }
        return mark.isMetBy(seen) ? "met" : "missed";
    }
}
