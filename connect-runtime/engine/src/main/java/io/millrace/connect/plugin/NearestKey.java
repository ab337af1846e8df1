package io.millrace.connect.plugin;

import java.util.Set;
import java.util.TreeSet;

/** Finds the key that was probably meant. */
public final class NearestKey {

    private NearestKey() {}

    /** What to tell about an unknown key. */
    public static String message(String key, Set<String> defined) {
        String nearest = nearest(key, defined);
        String advice = nearest.isEmpty() ? "remove it" : "did you mean \"" + nearest + "\"?";
        return "Unknown configuration \"%s\": no such key; %s".formatted(key, advice);
    }

    /** The defined key that takes the fewest edits to get to; empty when there is none. */
    static String nearest(String key, Set<String> defined) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : new TreeSet<>(defined)) {
            int distance = edits(key, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How many letters must be added, removed or replaced (Levenshtein 1966), by one row of the usual table. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
