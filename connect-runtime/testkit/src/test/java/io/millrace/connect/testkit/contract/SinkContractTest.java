package io.millrace.connect.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.testkit.contract.FlawedSink.Flaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of sinks passes a right one, and fails each wrong one for what is wrong with it. */
class SinkContractTest {

    private static Outcome outcome(Flaw flaw) throws Exception {
        SinkContract contract = new SinkContract() {
            @Override
            protected SinkSystem system() {
                return new FlawedSink(flaw);
            }
        };
        return Outcome.of(contract.losesNoRecordAndRepeatsNoneIfItSaysSo());
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "NONE_WITH_OFFSETS"})
    void passesARightSink(Flaw flaw) throws Exception {
        assertThat(outcome(flaw).failures()).isEmpty();
    }

    @Test
    void endsTasksAtEveryStepInEveryWay() throws Exception {
        int steps = SinkStep.values().length;
        int endings = Ending.values().length;
        assertThat(outcome(Flaw.NONE_WITH_OFFSETS).tests()).isEqualTo(steps * endings);
        assertThat(outcome(Flaw.NONE).tests()).isEqualTo((steps - 1) * endings);
    }

    @ParameterizedTest
    @EnumSource(names = {"SAFE_BEFORE_WRITTEN", "SKIPS_WHAT_IT_DROPPED", "OFFSETS_BEFORE_RECORDS"})
    void failsASinkThatLosesRecords(Flaw flaw) throws Exception {
        assertThat(outcome(flaw).failures()).isNotEmpty().allMatch(failure -> failure.contains("lost after"));
    }

    @ParameterizedTest
    @EnumSource(names = {"OFFSETS_AFTER_RECORDS", "NO_OFFSETS_BUT_DECLARES_ONCE"})
    void failsASinkThatRepeatsRecordsAndDeclaresThatItDoesNot(Flaw flaw) throws Exception {
        assertThat(outcome(flaw).failures())
                .anyMatch(failure -> failure.contains("delivered twice after"))
                .noneMatch(failure -> failure.contains("lost after"));
    }
}
