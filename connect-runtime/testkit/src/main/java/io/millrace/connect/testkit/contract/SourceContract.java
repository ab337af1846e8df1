package io.millrace.connect.testkit.contract;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every source promises: wherever a task's life ends, the next one goes on from the committed positions without
 * losing a row; and without repeating one, where it declares {@link ExactlyOnceSupport#SUPPORTED} and records and
 * positions are committed together.
 *
 * <p>{@link Plans} says which lives end where; two more live on to the end of the input.
 */
public abstract class SourceContract {

    /** A system that nothing was read from yet; closed after one run. */
    protected abstract SourceSystem system() throws Exception;

    @TestFactory
    final Stream<DynamicTest> losesNoRow() throws Exception {
        return tests(false);
    }

    @TestFactory
    final Stream<DynamicTest> deliversEachRowOnceIfItSaysSo() throws Exception {
        return declaresExactlyOnce() ? tests(true) : Stream.empty();
    }

    private boolean declaresExactlyOnce() throws Exception {
        try (SourceSystem system = system()) {
            return system.connector().exactlyOnceSupport(system.config()) == ExactlyOnceSupport.SUPPORTED;
        }
    }

    private Stream<DynamicTest> tests(boolean transactions) throws Exception {
        try (SourceSystem system = system()) {
            List<SourceStep> steps = SourceStep.of(transactions);
            return Plans.of(steps, system.endings(), system.startsAreDear()).stream()
                    .map(plan -> test(plan, transactions));
        }
    }

    private DynamicTest test(List<Kill<SourceStep>> plan, boolean transactions) {
        return DynamicTest.dynamicTest(plan.toString(), () -> {
            try (SourceSystem system = system()) {
                new SourceRun(system, plan, transactions).run();
            }
        });
    }
}
