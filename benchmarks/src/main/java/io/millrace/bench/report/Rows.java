package io.millrace.bench.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Comparisons as rows of text, for people. */
final class Rows {

    private static final List<String> HEADINGS = List.of(
            "scenario",
            "quantity",
            "Millrace, median (min-max)",
            "Apache Kafka, median (min-max)",
            "ratio (min-max of rounds)",
            "mark",
            "");

    private Rows() {}

    private static List<List<String>> of(List<Comparison> comparisons) {
        return comparisons.stream().map(Rows::row).toList();
    }

    private static List<String> row(Comparison each) {
        Mark mark = each.mark();
        return List.of(
                each.scenario(),
                each.measure().title() + ", " + each.measure().unit(),
                Numbers.of(each.ours()),
                Numbers.of(each.peer()),
                Numbers.ratio(each.ratio(), each.ratios()),
                mark == null ? "" : mark.text(),
                each.verdict());
    }

    static String markdown(List<Comparison> comparisons) {
        String rule = "|---".repeat(HEADINGS.size()) + "|\n";
        return line(HEADINGS) + rule + of(comparisons).stream().map(Rows::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Columns as wide as their content. */
    static String plain(List<Comparison> comparisons) {
        List<List<String>> rows = of(comparisons);
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> Math.max(
                        HEADINGS.get(column).length(),
                        rows.stream()
                                .mapToInt(row -> row.get(column).length())
                                .max()
                                .orElse(0)))
                .toArray();
        StringBuilder text = new StringBuilder(padded(HEADINGS, widths));
        rows.forEach(row -> text.append(padded(row, widths)));
        return text.toString();
    }

    private static String padded(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
        }
        return line.toString().stripTrailing() + "\n";
    }
}
