package io.millrace.bench.report;

import io.millrace.bench.server.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All values of all rounds, in the order in which they were measured first. */
public final class Results {

    private record Key(String scenario, Measure measure) {}

    private final Map<Key, Map<Side, List<Double>>> values = new LinkedHashMap<>();
    private final Map<Key, Mark> marks = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    public void add(String scenario, Measure measure, Side side, double value) {
        values.computeIfAbsent(new Key(scenario, measure), key -> new EnumMap<>(Side.class))
                .computeIfAbsent(side, key -> new ArrayList<>())
                .add(value);
    }

    /** A scenario could not be measured; of several failures of one side the first is kept. */
    public void failed(String scenario, Side side, String why) {
        failures.putIfAbsent(scenario + ", " + side.title(), why);
    }

    /** What went wrong, by scenario and side. */
    public Map<String, String> failures() {
        return Collections.unmodifiableMap(failures);
    }

    /** Sets what is wanted of a scenario. */
    public void want(String scenario, Mark mark) {
        marks.put(new Key(scenario, mark.measure()), mark);
    }

    /** One line for each quantity of each scenario, together by scenario. */
    public List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        values.keySet().stream()
                .map(Key::scenario)
                .distinct()
                .forEach(scenario -> values.forEach((key, sides) -> {
                    if (key.scenario().equals(scenario)) {
                        all.add(new Comparison(
                                scenario,
                                key.measure(),
                                sides.getOrDefault(Side.OURS, List.of()),
                                sides.getOrDefault(Side.PEER, List.of()),
                                marks.get(key)));
                    }
                }));
        return all;
    }
}
