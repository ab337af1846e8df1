package io.millrace.bench.run;

import io.millrace.bench.report.Mark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that is measured once in each round, for each side. */
public interface Scenario {

    String name();

    /** What is done, in one line. */
    String what();

    /** What we want to reach. */
    List<Mark> marks();

    /**
     * The scenarios whose names begin with one of these; all if none is given.
     *
     * @throws IllegalArgumentException if one of them fits no scenario
     */
    static <S extends Scenario> List<S> beginning(List<S> all, List<String> beginnings) {
        for (String each : beginnings) {
            if (all.stream().noneMatch(scenario -> scenario.name().startsWith(each))) {
                throw new IllegalArgumentException("no scenario's name begins with '%s'; there are: %s"
                        .formatted(each, all.stream().map(Scenario::name).collect(Collectors.joining(", "))));
            }
        }
        return all.stream()
                .filter(scenario -> beginnings.isEmpty() || beginnings.stream().anyMatch(scenario.name()::startsWith))
                .toList();
    }

    /** What each of them does, by name. */
    static Map<String, String> described(List<? extends Scenario> scenarios) {
        return scenarios.stream()
                .collect(Collectors.toMap(Scenario::name, Scenario::what, (one, _) -> one, LinkedHashMap::new));
    }
}
