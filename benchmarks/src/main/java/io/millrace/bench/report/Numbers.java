package io.millrace.bench.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: three digits that count. */
final class Numbers {

    private Numbers() {}

    static String of(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.3f", value);
    }

    /** Median, and the smallest and largest in brackets. */
    static String of(List<Double> values) {
        return values.isEmpty() ? "" : of(Spread.of(values));
    }

    static String of(@Nullable Spread spread) {
        return spread == null ? "" : "%s (%s-%s)".formatted(of(spread.median()), of(spread.min()), of(spread.max()));
    }

    static String ratio(@Nullable Double ratio, @Nullable Spread rounds) {
        return ratio == null || rounds == null
                ? ""
                : "%s (%s-%s)".formatted(of(ratio), of(rounds.min()), of(rounds.max()));
    }
}
