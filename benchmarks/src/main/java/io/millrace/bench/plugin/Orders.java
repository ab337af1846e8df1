package io.millrace.bench.plugin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows as shops have them, always the same: ten columns, about 300 bytes, no two alike, so that they compress about as
 * well as others do.
 */
final class Orders {

    private static final List<String> WORDS = List.of(
            "please",
            "ring",
            "twice",
            "leave",
            "neighbour",
            "second",
            "floor",
            "nobody",
            "opens",
            "home",
            "weekdays",
            "until",
            "noon",
            "garden",
            "gate",
            "green",
            "behind",
            "number",
            "fragile",
            "evening",
            "call",
            "before",
            "delivery",
            "office",
            "entrance",
            "yard",
            "left",
            "parcel",
            "shop",
            "closed",
            "monday",
            "returns");
    private static final List<String> STATES = List.of("new", "paid", "packed", "shipped", "returned");
    private static final int NOTE_WORDS = 18;

    private final Random random;

    /** @param seed of the same, the same rows come */
    Orders(long seed) {
        this.random = new Random(seed);
    }

    /** The next row, by the names of its columns. */
    Map<String, Object> next() {
        String name = words(2);
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("id", 4_711_000_000L + random.nextInt(1_000_000));
        columns.put("customer", random.nextInt(10_000_000));
        columns.put("status", STATES.get(random.nextInt(STATES.size())));
        columns.put("name", name);
        columns.put("email", name.replace(' ', '.') + random.nextInt(1000) + "@mail.example");
        columns.put("address", words(3) + " " + random.nextInt(400) + ", " + (10_000 + random.nextInt(90_000)));
        columns.put("note", words(NOTE_WORDS));
        columns.put("amount", random.nextInt(1_000_000) / 100.0);
        columns.put("paid", random.nextBoolean());
        columns.put("created", 1_796_000_000_000L + random.nextInt(1_000_000_000));
        return columns;
    }

    private String words(int count) {
        return Stream.generate(() -> WORDS.get(random.nextInt(WORDS.size())))
                .limit(count)
                .collect(Collectors.joining(" "));
    }
}
