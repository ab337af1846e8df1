package io.millrace.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.types.PartitionId;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

    private static final int SPOKEN = 5;
    private static final Uuid TOPIC = new Uuid(1, 1);
    private static final Uuid OTHER = new Uuid(2, 2);

    private static SortedSet<PartitionId> set(int... indexes) {
        return Arrays.stream(indexes)
                .mapToObj(index -> new PartitionId(TOPIC, index))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedMap<PartitionId, Integer> since(int epoch, int... indexes) {
        SortedMap<PartitionId, Integer> held = new TreeMap<>();
        set(indexes).forEach(each -> held.put(each, epoch));
        return held;
    }

    private static CurrentAssignment stable(int epoch, int... indexes) {
        return new CurrentAssignment(epoch, epoch - 1, Reconciliation.STABLE, since(epoch, indexes), since(0));
    }

    private static Reconciler towards(
            int epoch, SortedSet<PartitionId> target, Set<PartitionId> held, @Nullable Set<PartitionId> owned) {
        return new Reconciler(epoch, target, Set.of(TOPIC), SPOKEN, held::contains, owned);
    }

    @Test
    void aMemberInTheTargetsEpochStays() {
        CurrentAssignment current = stable(5, 1, 2);

        assertThat(towards(5, set(1, 2), set(1, 2), null).next(current, false)).isSameAs(current);
    }

    @Test
    void whatTheMemberKeepsAndWhatIsFreeIsItsOwnInTheNewEpoch() {
        CurrentAssignment next = towards(6, set(1, 2), set(1), null).next(stable(5, 1), false);

        assertThat(next.epoch()).isEqualTo(6);
        assertThat(next.previousEpoch()).isEqualTo(5);
        assertThat(next.state()).isEqualTo(Reconciliation.STABLE);
        assertThat(next.assigned())
                .containsEntry(new PartitionId(TOPIC, 1), 5)
                .containsEntry(new PartitionId(TOPIC, 2), 6);
    }

    @Test
    void aMemberThatHasToGiveUpStaysInItsEpochUntilItSaysThatItHas() {
        CurrentAssignment asked = towards(6, set(1, 3), set(1, 2), null).next(stable(5, 1, 2), false);
        assertThat(asked.epoch()).isEqualTo(5);
        assertThat(asked.state()).isEqualTo(Reconciliation.UNREVOKED_PARTITIONS);
        assertThat(asked.assigned().keySet()).containsExactlyElementsOf(set(1));
        assertThat(asked.revoking().keySet()).containsExactlyElementsOf(set(2));

        assertThat(towards(6, set(1, 3), set(1, 2), set(1, 2)).next(asked, false))
                .isSameAs(asked);
        assertThat(towards(6, set(1, 3), set(1, 2), null).next(asked, false)).isSameAs(asked);

        CurrentAssignment given = towards(6, set(1, 3), set(1, 2), set(1)).next(asked, false);
        assertThat(given.epoch()).isEqualTo(6);
        assertThat(given.assigned().keySet()).containsExactlyElementsOf(set(1, 3));
        assertThat(given.revoking()).isEmpty();
    }

    @Test
    void aMemberThatDoesNotReadWhatItLosesNeedNotBeAsked() {
        CurrentAssignment next = towards(6, set(1), set(1, 2), set(1)).next(stable(5, 1, 2), false);

        assertThat(next.epoch()).isEqualTo(6);
        assertThat(next.assigned().keySet()).containsExactlyElementsOf(set(1));
    }

    @Test
    void whatOthersHoldIsWaitedForInTheNewEpoch() {
        CurrentAssignment waiting = towards(6, set(1, 2), set(1, 2), null).next(stable(5, 1), false);
        assertThat(waiting.epoch()).isEqualTo(6);
        assertThat(waiting.state()).isEqualTo(Reconciliation.UNRELEASED_PARTITIONS);
        assertThat(waiting.assigned().keySet()).containsExactlyElementsOf(set(1));

        assertThat(towards(6, set(1, 2), set(1, 2), null).next(waiting, false)).isSameAs(waiting);

        CurrentAssignment given = towards(6, set(1, 2), set(1), null).next(waiting, false);
        assertThat(given.state()).isEqualTo(Reconciliation.STABLE);
        assertThat(given.assigned().keySet()).containsExactlyElementsOf(set(1, 2));
    }

    @Test
    void aPartitionThatWasToBeGivenUpComesBackToItsOwner() {
        CurrentAssignment revoking =
                new CurrentAssignment(5, 4, Reconciliation.UNREVOKED_PARTITIONS, since(5, 1), since(5, 2));

        CurrentAssignment next = towards(7, set(1, 2), set(1, 2), set(1)).next(revoking, false);

        assertThat(next.epoch()).isEqualTo(7);
        assertThat(next.assigned().keySet()).containsExactlyElementsOf(set(1, 2));
    }

    @Test
    void topicsThatTheMemberNoLongerWantsGoBeforeThereIsATargetForThat() {
        CurrentAssignment next = new Reconciler(5, set(1), Set.of(OTHER), SPOKEN, id -> set(1).contains(id), set(1))
                .next(stable(5, 1), true);

        assertThat(next.epoch()).isEqualTo(5);
        assertThat(next.state()).isEqualTo(Reconciliation.UNREVOKED_PARTITIONS);
        assertThat(next.assigned()).isEmpty();
        assertThat(next.revoking().keySet()).containsExactlyElementsOf(set(1));
    }

    @Test
    void aTargetOfTopicsThatTheMemberDoesNotWantIsNoneOfItsOwn() {
        CurrentAssignment next =
                new Reconciler(6, set(1), Set.of(OTHER), SPOKEN, id -> set().contains(id), null).next(stable(5), false);

        assertThat(next.epoch()).isEqualTo(6);
        assertThat(next.assigned()).isEmpty();
    }

    @Test
    void aMemberInAnUnknownStateIsFencedUnlessItOwnsNothing() {
        CurrentAssignment unknown = new CurrentAssignment(5, 4, Reconciliation.UNKNOWN, since(5, 1), since(5));

        assertThat(towards(6, set(1), set(1), null).mustBeFenced(unknown)).isTrue();
        assertThat(towards(6, set(1), set(1), set(1)).mustBeFenced(unknown)).isTrue();
        assertThat(towards(6, set(1), set(1), set()).mustBeFenced(unknown)).isFalse();
        assertThat(towards(6, set(1), set(1), set()).next(unknown, false).state())
                .isEqualTo(Reconciliation.STABLE);
    }
}
