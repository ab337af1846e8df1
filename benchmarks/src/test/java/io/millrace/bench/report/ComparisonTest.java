package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.server.Side;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void ratioIsOfMediansAndItsSpreadOfRounds() {
        Comparison seen = comparison(Measure.THROUGHPUT, 2, List.of(30.0, 10.0, 20.0), List.of(10.0, 10.0, 5.0));

        assertThat(seen.ratio()).isEqualTo(2);
        assertThat(seen.ratios()).isEqualTo(new Spread(3, 1, 4));
        assertThat(seen.verdict()).isEqualTo("met");
    }

    @Test
    void medianOfEvenlyManyRoundsLiesBetweenTheMiddleTwo() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void whereLessIsBetterALargerRatioMisses() {
        assertThat(comparison(Measure.SERVER_CPU, 0.5, List.of(6.0), List.of(10.0))
                        .verdict())
                .isEqualTo("missed");
        assertThat(comparison(Measure.SERVER_CPU, 0.5, List.of(5.0), List.of(10.0))
                        .verdict())
                .isEqualTo("met");
    }

    @Test
    void nothingIsSaidOfWhatOnlyOneSideHas() {
        Comparison seen = comparison(Measure.READY, 0.5, List.of(1.0), List.of());

        assertThat(seen.ratio()).isNull();
        assertThat(seen.verdict()).isEmpty();
    }

    @Test
    void reportNamesEveryMarkThatIsMissed() throws Exception {
        Results results = new Results();
        results.want("start", new Mark(Measure.READY, 0.5));
        results.want("idle", new Mark(Measure.RESIDENT, 0.5));
        results.add("start", Measure.READY, Side.PEER, 2);
        results.add("idle", Measure.RESIDENT, Side.PEER, 100);
        results.add("start", Measure.READY, Side.OURS, 1);
        results.add("idle", Measure.RESIDENT, Side.OURS, 90);
        results.failed("crowd", Side.OURS, "it was full");
        Report report = new Report(
                new Title("broker", "Brokers"),
                Map.of("rounds", "1"),
                Map.of(),
                results.comparisons(),
                results.failures());

        assertThat(report.text())
                .contains("Marks met: 1 of 2. Missed: idle resident memory.")
                .contains("Not measured: crowd, Millrace: it was full");
        assertThat(report.markdown())
                .contains("| start | until acknowledged, s | 1.00 (1.00-1.00) | 2.00 (2.00-2.00) | 0.50 (0.50-0.50)"
                        + " | ≤ 0.5 | met |");
        assertThat(report.json()).contains("\"verdict\" : \"missed\"");
    }

    private static Comparison comparison(Measure measure, double mark, List<Double> ours, List<Double> peer) {
        return new Comparison("scenario", measure, ours, peer, new Mark(measure, mark));
    }
}
