package io.millrace.connect.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.testkit.contract.FlawedSource.Flaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of sources passes a right one, and fails each wrong one for what is wrong with it. */
class SourceContractTest {

    private static Outcome losesNoRow(Flaw flaw) throws Exception {
        return Outcome.of(contract(flaw).losesNoRow());
    }

    private static Outcome deliversOnce(Flaw flaw) throws Exception {
        return Outcome.of(contract(flaw).deliversEachRowOnceIfItSaysSo());
    }

    private static SourceContract contract(Flaw flaw) {
        return new SourceContract() {
            @Override
            protected SourceSystem system() {
                return new FlawedSource(flaw);
            }
        };
    }

    @Test
    void passesASourceThatKeepsItsPosition() throws Exception {
        assertThat(losesNoRow(Flaw.NONE).failures()).isEmpty();
        assertThat(deliversOnce(Flaw.NONE).failures()).isEmpty();
    }

    @Test
    void passesASourceWithAQueueUpstream() throws Exception {
        assertThat(losesNoRow(Flaw.NONE_WITH_QUEUE).failures()).isEmpty();
    }

    @Test
    void endsTasksAtEveryStepInEveryWay() throws Exception {
        int steps = SourceStep.values().length;
        int endings = Ending.values().length;
        assertThat(losesNoRow(Flaw.NONE).tests()).isEqualTo((steps - 1) * endings);
        assertThat(deliversOnce(Flaw.NONE).tests()).isEqualTo((steps - 1) * endings);
        assertThat(deliversOnce(Flaw.NONE_WITH_QUEUE).tests()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGETS_AT_COMMIT", "FORGETS_AT_POLL", "POSITION_OF_THE_BATCH", "STARTS_AT_THE_END"})
    void failsASourceThatLosesRows(Flaw flaw) throws Exception {
        assertThat(losesNoRow(flaw).failures()).isNotEmpty().allMatch(failure -> failure.contains("lost after"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REPEATS_BUT_DECLARES_ONCE", "NO_POSITION_BUT_DECLARES_ONCE"})
    void failsASourceThatRepeatsRowsAndDeclaresThatItDoesNot(Flaw flaw) throws Exception {
        assertThat(losesNoRow(flaw).failures()).isEmpty();
        assertThat(deliversOnce(flaw).failures())
                .isNotEmpty()
                .allMatch(failure -> failure.contains("delivered twice after"));
    }
}
