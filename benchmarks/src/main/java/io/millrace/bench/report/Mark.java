package io.millrace.bench.report;

/**
 * What we want to reach in a scenario.
 *
 * @param ratio of our median to the peer's: at least that where more is better, else at most
 */
public record Mark(Measure measure, double ratio) {

    public boolean isMetBy(double seen) {
        return measure.moreIsBetter() ? seen >= ratio : seen <= ratio;
    }

    public String text() {
        return (measure.moreIsBetter() ? "≥ " : "≤ ") + ratio;
    }
}
