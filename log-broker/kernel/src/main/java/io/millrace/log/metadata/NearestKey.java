package io.millrace.log.metadata;

import java.util.Collection;
import java.util.TreeSet;

/** Finds the key that somebody who mistyped one most likely meant, by edit distance; of equals the first by name. */
final class NearestKey {

    private NearestKey() {}

    static String of(String typed, Collection<String> known) {
        String nearest = "";
        int best = Integer.MAX_VALUE;
        for (String key : new TreeSet<>(known)) {
            int distance = distance(typed, key);
            if (distance < best) {
                best = distance;
                nearest = key;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
