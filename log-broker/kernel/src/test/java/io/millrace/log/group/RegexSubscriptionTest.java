package io.millrace.log.group;

import static io.millrace.log.group.ConsumerFixture.assigned;
import static io.millrace.log.group.ConsumerFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.types.PartitionId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of the consumer protocol that subscribe to a regular expression (KIP-848). */
class RegexSubscriptionTest {

    private final ConsumerFixture group = new ConsumerFixture();

    private static ConsumerGroupHeartbeatRequestData joinRequest(String memberId, String regex, String... topics) {
        return ConsumerFixture.joinRequest(memberId, topics).setSubscribedTopicRegex(regex);
    }

    private ConsumerGroupHeartbeatResponseData join(String memberId, String regex, String... topics) {
        return group.heartbeat(joinRequest(memberId, regex, topics));
    }

    private Set<PartitionId> partitions(String topic, int count) {
        Set<PartitionId> partitions = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            partitions.add(group.topics.partition(topic, i));
        }
        return partitions;
    }

    /** What the member has after its next heartbeats, long enough after what happened before. */
    private Set<PartitionId> settle(String memberId) {
        for (int i = 0; i < 3; i++) {
            group.pause();
            beatAsItIs(memberId);
        }
        return Objects.requireNonNull(group.assignments().get(memberId));
    }

    private void beatAsItIs(String memberId) {
        int epoch = group.describe().members().stream()
                .filter(each -> each.memberId().equals(memberId))
                .findFirst()
                .orElseThrow()
                .memberEpoch();
        ConsumerGroupHeartbeatResponseData answer = group.beat(memberId, epoch);
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        if (answer.assignment() != null) {
            group.beat(memberId, answer.memberEpoch(), ConsumerFixture.assigned(answer));
        }
    }

    @Test
    void aMemberIsGivenTheTopicsOfItsExpressionAtOnce() {
        group.topics.create("orders", 2);
        group.topics.create("orders-old", 1);
        group.topics.create("stock", 1);

        ConsumerGroupHeartbeatResponseData joined = join("a", "ord.*s");

        assertThat(error(joined)).isEqualTo(Errors.NONE);
        assertThat(ConsumerFixture.assigned(joined)).isEqualTo(partitions("orders", 2));
        assertThat(group.describe().members().getFirst().subscribedTopicRegex()).isEqualTo("ord.*s");
    }

    @Test
    void namesAndAnExpressionAddUp() {
        group.topics.create("orders", 1);
        group.topics.create("stock", 1);
        group.topics.create("beside", 1);

        ConsumerGroupHeartbeatResponseData joined = join("a", "o.*", "stock");

        Set<PartitionId> both = partitions("orders", 1);
        both.addAll(partitions("stock", 1));
        assertThat(ConsumerFixture.assigned(joined)).isEqualTo(both);
    }

    @Test
    void topicsThatComeAndGoAreFollowed() {
        group.topics.create("log-a", 1);
        join("a", "log-.*");
        group.topics.create("log-b", 2);

        Set<PartitionId> both = partitions("log-a", 1);
        both.addAll(partitions("log-b", 2));
        assertThat(settle("a")).isEqualTo(both);

        group.topics.delete("log-a");
        assertThat(settle("a")).isEqualTo(partitions("log-b", 2));
    }

    @Test
    void topicsAreLookedThroughNoMoreOftenThanTheGroupMayBeAssigned() {
        group.topics.create("log-a", 1);
        ConsumerGroupHeartbeatResponseData joined = join("a", "log-.*");
        group.topics.create("log-b", 1);
        int epoch = group.describe().groupEpoch();

        group.beat("a", joined.memberEpoch());
        assertThat(group.describe().groupEpoch()).isEqualTo(epoch);
        group.pause();
        group.beat("a", joined.memberEpoch());
        assertThat(group.describe().groupEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    void aHeartbeatWritesNothingWhileTopicsOfOthersChange() {
        group.topics.create("log-a", 1);
        ConsumerGroupHeartbeatResponseData joined = join("a", "log-.*");
        group.topics.create("beside", 1);
        group.pause();
        long before = group.log.endOffset();

        group.beat("a", joined.memberEpoch());

        assertThat(group.log.endOffset()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a-",
                "a(?=b)",
                "(a)\\1",
                "a**",
                "((a{100}){100}){100}",
                "a{99999999999}",
                "((((a?){9}){9}){9}){9}"
            })
    void whatIsNoExpressionOfRe2jOrTooLargeIsRefused(String regex) {
        ConsumerGroupHeartbeatResponseData answer = join("a", regex);

        assertThat(error(answer)).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(answer.errorMessage()).contains(regex);
        assertThat(group.list("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc 3",
                "a{100}b{100}c{50} 250",
                "(ab){10} 40",
                "((a{3}){2}){2} 24",
                "a{2,5}b{3,} 8",
                "[a-z]{4}x 21",
                "[]{9}]{2} 12",
                "[^]a]{3} 15",
                "[[:alpha:]\\]]{2} 26",
                "\\.{3} 6",
                "\\p{Greek}{2} 18",
                "\\Qa{9}\\E{2} 10",
                "a{x} 4",
                "a{,5} 5",
                "(a|b)*c? 8",
            })
    void aRepetitionStandsForItsCountTimesWhatIsBeforeIt(String regex, long size) {
        assertThat(RegexSize.of(regex, TopicRegex.SIZE_MAX)).isEqualTo(size);
    }

    @Test
    void manyRepetitionsBesideEachOtherAreNoLargeExpression() {
        group.topics.create("a", 1);

        ConsumerGroupHeartbeatResponseData answer = join("a", "a{1,100}b{0,100}c{0,100}");

        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(assigned(answer)).hasSize(1);
    }

    @Test
    void aMemberThatChangesItsExpressionGivesUpWhatIsNotInTheNewOne() {
        group.topics.create("orders", 1);
        group.topics.create("stock", 1);
        ConsumerGroupHeartbeatResponseData joined = join("a", "ord.*");

        group.heartbeat(ConsumerFixture.request("a", joined.memberEpoch())
                .setSubscribedTopicRegex("st.*")
                .setTopicPartitions(List.of()));

        assertThat(settle("a")).isEqualTo(partitions("stock", 1));
        assertThat(group.group.state().toString()).doesNotContain("ord.*");
    }

    @Test
    void aMemberThatWantsNoExpressionAnyMoreKeepsItsNames() {
        group.topics.create("orders", 1);
        group.topics.create("stock", 1);
        ConsumerGroupHeartbeatResponseData joined = join("a", "st.*", "orders");

        group.heartbeat(ConsumerFixture.request("a", joined.memberEpoch())
                .setSubscribedTopicRegex("")
                .setTopicPartitions(ConsumerFixture.owned(partitions("orders", 1))));

        assertThat(settle("a")).isEqualTo(partitions("orders", 1));
    }

    @Test
    void whatAnExpressionStandsForIsInTheLogAndGoesWithItsLastMember() {
        group.topics.create("orders", 1);
        join("a", "ord.*");
        join("b", "ord.*");
        String before = group.group.state().toString();
        assertThat(before).contains("ord.*=ResolvedRegex[topics=[orders]");

        group.group.failOver();
        assertThat(group.group.state()).hasToString(before);

        group.beat("a", -1);
        assertThat(group.group.state().toString()).contains("ord.*=");
        group.beat("b", -1);
        assertThat(group.group.state().toString()).doesNotContain("ord.*=");
    }

    @Test
    void aCoordinatorThatHasJustLoadedFollowsTopicsToo() {
        group.topics.create("log-a", 1);
        join("a", "log-.*");
        group.topics.create("log-b", 1);
        group.group.failOver();

        Set<PartitionId> both = partitions("log-a", 1);
        both.addAll(partitions("log-b", 1));
        assertThat(settle("a")).isEqualTo(both);
    }

    @Test
    void whatTheLogDidNotTakeIsFoundAgain() {
        group.topics.create("log-a", 1);
        ConsumerGroupHeartbeatResponseData joined = join("a", "log-.*");
        group.topics.create("log-b", 1);
        group.pause();
        group.log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(error(group.beat("a", joined.memberEpoch()))).isNotEqualTo(Errors.NONE);
        group.log.refuse(Errors.NONE);

        Set<PartitionId> both = partitions("log-a", 1);
        both.addAll(partitions("log-b", 1));
        assertThat(settle("a")).isEqualTo(both);
    }

    @Test
    void aLongLookGoesOnWithTheNextHeartbeats() {
        SimTopics topics = new SimTopics();
        for (int i = 0; i < 100; i++) {
            topics.create("topic-" + i, 1);
        }
        RegexSubscriptions regexes =
                new RegexSubscriptions(new ConsumerGroupSettings(GroupConfig.defaults(), topics::image), 1_000);
        ConsumerMember.Profile profile = new ConsumerMember.Profile(
                new MemberIdentity("a", null, "", ""),
                new MemberSubscription(new TreeSet<>(), "topic-\\d+", null, null, 1, null));
        ConsumerGroupDraft draft = new ConsumerGroupDraft(new ConsumerGroup("g"));
        draft.write(new ConsumerGroupRecord.Profile("g", "a", profile));

        int looks = 1;
        while (!regexes.refresh(draft, 0)) {
            looks++;
            assertThat(looks).isLessThan(100);
        }

        assertThat(looks).isGreaterThan(5);
        assertThat(draft.group().topics()).hasSize(100);
    }
}
