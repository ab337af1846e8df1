package io.millrace.connect.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was to be delivered, against what was.
 *
 * @param expected in the order in which it came about
 * @param found in the order in which it was found
 */
record Balance<T>(List<T> expected, List<T> found) {

    /** What is missing. */
    List<T> lost() {
        return without(expected, found);
    }

    /** What is there more often than it should be. */
    List<T> surplus() {
        return without(found, expected);
    }

    /** What is left of rows when one is taken away for each of the others. */
    private static <T> List<T> without(List<T> rows, List<T> others) {
        Map<T, Integer> counts = counts(others);
        List<T> left = new ArrayList<>();
        for (T row : rows) {
            if (counts.merge(row, -1, Integer::sum) < 0) {
                left.add(row);
            }
        }
        return left;
    }

    private static <T> Map<T, Integer> counts(List<T> rows) {
        Map<T, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        return counts;
    }

    /** Fails unless everything is there, nothing that never was, and nothing twice when {@code once}. */
    void check(String story, boolean once) {
        assertThat(lost()).as("lost after %s", story).isEmpty();
        assertThat(found).as("made up after %s", story).allMatch(expected::contains);
        if (once) {
            assertThat(surplus()).as("delivered twice after %s", story).isEmpty();
        }
    }

    /** Fails unless the last row of each key is the last one that it had: a repetition may not end in the past. */
    static void checkLast(String story, Balance<Row> balance) {
        assertThat(last(balance.found())).as("last rows after %s", story).isEqualTo(last(balance.expected()));
    }

    private static Map<List<Object>, Row> last(List<Row> rows) {
        Map<List<Object>, Row> last = new LinkedHashMap<>();
        rows.forEach(row -> last.put(List.of(row.table(), String.valueOf(row.key())), row));
        return last;
    }
}
