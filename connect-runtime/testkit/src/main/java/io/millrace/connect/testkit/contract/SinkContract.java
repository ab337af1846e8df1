package io.millrace.connect.testkit.contract;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every sink promises: wherever a task's life ends, the next one goes on from the committed offsets, and every
 * record of the log is in the target in the end; and is there once, where {@link SinkSystem#exactlyOnce} says so.
 *
 * <p>{@link Plans} says which lives end where; two more live on to the end of the log.
 */
public abstract class SinkContract {

    /** A target that nothing was written to yet; closed after one run. */
    protected abstract SinkSystem system() throws Exception;

    @TestFactory
    final Stream<DynamicTest> losesNoRecordAndRepeatsNoneIfItSaysSo() throws Exception {
        try (SinkSystem system = system()) {
            List<SinkStep> steps = SinkStep.of(system.exactlyOnce());
            return Plans.of(steps, List.of(Ending.values()), system.startsAreDear()).stream()
                    .map(this::test);
        }
    }

    private DynamicTest test(List<Kill<SinkStep>> plan) {
        return DynamicTest.dynamicTest(plan.toString(), () -> {
            try (SinkSystem system = system()) {
                new SinkRun(system, plan).run();
            }
        });
    }
}
