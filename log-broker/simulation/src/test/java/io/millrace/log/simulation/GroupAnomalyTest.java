package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Committed offsets of both kinds of groups on a broker that crashes, loses power and compacts
 * {@code __consumer_offsets} while its coordinators load. A failure is its seed.
 */
class GroupAnomalyTest {

    private static final int STEPS = 150;
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";
    private static final String MEMBER = "member-a";

    /** What a client is told that is to try again. */
    private static final Set<Errors> NOT_NOW =
            EnumSet.of(Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);

    private final BrokerFixture broker = new BrokerFixture(2);
    private TestClient client = broker.connect(0);
    private Uuid topic = Uuid.ZERO_UUID;
    private int memberEpoch;

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    /** What one group has been promised. */
    private static final class Promise {
        private final String group;
        private long tried;
        private long confirmed;
        private @Nullable Long request;

        Promise(String group) {
            this.group = group;
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anomalyA25committedOffsetsAreNeitherLostNorGoBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        topic = created(client, "orders", 1);
        Uuid offsets = created(client, "__consumer_offsets", 2, "cleanup.policy", "compact", "segment.ms", "1000");
        join();
        List<Promise> promises = List.of(new Promise(CLASSIC), new Promise(CONSUMER));
        for (int step = 0; step < STEPS; step++) {
            for (Promise each : promises) {
                commit(each);
            }
            disturb(random, promises);
            broker.pass(random.nextInt(1_500));
            beat();
            promises.forEach(this::check);
        }
        assertThat(broker.stoppedPartitions).isEmpty();
        assertThat(firstRecords(offsets)).as("compacted").isLessThan(STEPS / 2);
        assertThat(promises).allSatisfy(each -> assertThat(each.confirmed).isGreaterThan(STEPS / 2));
        List<Long> live = settledOffsets(promises);
        broker.crashAndRestart();
        client = broker.connect(1);
        assertThat(settledOffsets(promises)).as("after replay").isEqualTo(live);
    }

    /** How many records are left below the offset that many commits have passed. */
    private long firstRecords(Uuid offsets) {
        long count = 0;
        for (int partition = 0; partition < 2; partition++) {
            long next = 0;
            while (next < STEPS) {
                FetchResponseData answer = client.call(
                        FetchResponseData.class, Requests.fetch(offsets, next, 0, partition), Requests.FETCH);
                List<String> records = Requests.records(answer);
                if (records.isEmpty()) {
                    break;
                }
                count += records.size();
                next = Long.parseLong(records.getLast().split("=", 2)[0]) + 1;
            }
        }
        return count;
    }

    private void disturb(SplittableRandom random, List<Promise> promises) {
        switch (random.nextInt(10)) {
            case 0 -> end(broker::crashAndRestart, promises);
            case 1 -> end(broker::cutPowerAndRestart, promises);
            case 2 -> end(broker::restart, promises);
            case 3 -> broker.holdSyncs();
            case 4, 5 -> broker.releaseSyncs();
            // Compaction begins, and is cut short by whatever comes next.
            case 6 -> broker.pass(15_000);
            default -> {}
        }
    }

    private void end(Runnable end, List<Promise> promises) {
        end.run();
        client = broker.connect(0);
        promises.forEach(each -> each.request = null);
    }

    private void join() {
        FindCoordinatorRequestData find =
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of(CLASSIC, CONSUMER));
        client.call(FindCoordinatorResponseData.class, find, 6);
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(CONSUMER)
                .setMemberId(MEMBER)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of("orders"))
                .setTopicPartitions(List.of());
        memberEpoch = heartbeat(request).memberEpoch();
    }

    private void beat() {
        long sent = client.send(
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(CONSUMER)
                        .setMemberId(MEMBER)
                        .setMemberEpoch(memberEpoch),
                1);
        ConsumerGroupHeartbeatResponseData answer = client.poll(ConsumerGroupHeartbeatResponseData.class, sent);
        if (answer != null && !NOT_NOW.contains(error(answer.errorCode()))) {
            assertThat(error(answer.errorCode())).isEqualTo(Errors.NONE);
        }
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupHeartbeatResponseData answer = client.call(ConsumerGroupHeartbeatResponseData.class, request, 1);
        assertThat(error(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer;
    }

    private void commit(Promise promise) {
        boolean member = promise.group.equals(CONSUMER);
        promise.tried++;
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(promise.group)
                .setMemberId(member ? MEMBER : "")
                .setGenerationIdOrMemberEpoch(member ? memberEpoch : -1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setTopicId(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(promise.tried)
                                .setCommittedMetadata("")))));
        promise.request = client.send(request, 10);
    }

    private void check(Promise promise) {
        OffsetCommitResponseData answer =
                promise.request == null ? null : client.poll(OffsetCommitResponseData.class, promise.request);
        if (answer != null) {
            Errors error =
                    error(answer.topics().getFirst().partitions().getFirst().errorCode());
            if (!NOT_NOW.contains(error)) {
                assertThat(error).isEqualTo(Errors.NONE);
                promise.confirmed = promise.tried;
            }
            promise.request = null;
        }
        Long committed = offset(promise.group);
        if (committed != null) {
            assertThat(committed).as(promise.group).isBetween(promise.confirmed, promise.tried);
            promise.confirmed = Math.max(promise.confirmed, committed);
        }
    }

    private List<Long> settledOffsets(List<Promise> promises) {
        broker.releaseSyncs();
        List<Long> offsets = new ArrayList<>();
        for (Promise each : promises) {
            Long offset = offset(each.group);
            for (int waited = 0; offset == null; waited++) {
                assertThat(waited).isLessThan(100);
                broker.pass(10);
                offset = offset(each.group);
            }
            offsets.add(offset);
        }
        return offsets;
    }

    /** -1 if there is none; null if that cannot be told now. */
    private @Nullable Long offset(String group) {
        boolean member = group.equals(CONSUMER);
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setMemberId(member ? MEMBER : null)
                        .setMemberEpoch(member ? memberEpoch : -1)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setTopicId(topic).setPartitionIndexes(List.of(0))))));
        OffsetFetchResponseData answer = client.poll(OffsetFetchResponseData.class, client.send(request, 10));
        if (answer == null) {
            return null;
        }
        Errors error = error(answer.groups().getFirst().errorCode());
        if (NOT_NOW.contains(error)) {
            return null;
        }
        assertThat(error).isEqualTo(Errors.NONE);
        return Objects.requireNonNull(answer.groups().getFirst().topics())
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }
}
