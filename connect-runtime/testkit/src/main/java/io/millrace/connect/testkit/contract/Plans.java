package io.millrace.connect.testkit.contract;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which lives end where. In general one run for each step and each ending: a task ends when it takes the step for the
 * first time, and its successor when it takes it for the second time. Where starts are dear there is one run for each
 * ending, with a life for each step; {@code -Dcontract.long=true} has the others there as well.
 */
final class Plans {

    private static final boolean LONG = Boolean.getBoolean("contract.long");

    private Plans() {}

    static <S extends Enum<S>> List<List<Kill<S>>> of(List<S> steps, Collection<Ending> endings, boolean dear) {
        return endings.stream()
                .sorted()
                .flatMap(ending -> dear && !LONG ? Stream.of(all(steps, ending)) : each(steps, ending))
                .toList();
    }

    private static <S extends Enum<S>> List<Kill<S>> all(List<S> steps, Ending ending) {
        return steps.stream().map(step -> new Kill<>(step, 1, ending)).toList();
    }

    /** The first step of all, the start, is taken once in each life. */
    private static <S extends Enum<S>> Stream<List<Kill<S>>> each(List<S> steps, Ending ending) {
        return steps.stream()
                .map(step -> List.of(
                        new Kill<>(step, 1, ending), new Kill<>(step, step == steps.getFirst() ? 1 : 2, ending)));
    }
}
