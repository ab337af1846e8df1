package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the consumer protocol as the official client is one: gives up what it is not given any more, says so,
 * takes what is new, and says so; begins anew when it is fenced.
 */
final class SimConsumer implements SimReader {

    private final ConsumerFixture group;
    private final String memberId;
    private final @Nullable String instanceId;
    private final SortedSet<PartitionId> owned = new TreeSet<>();
    private List<String> topics;
    private String regex;
    private int epoch;
    private boolean sayAll = true;
    private boolean sayOwned;
    private @Nullable SortedSet<PartitionId> toReach;
    private @Nullable Answer<ConsumerGroupHeartbeatResponseData> pending;
    private boolean refused;

    /** @param topics names, and expressions that begin with ^, of which the first counts */
    SimConsumer(ConsumerFixture group, String memberId, @Nullable String instanceId, List<String> topics) {
        this.group = group;
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.topics = names(topics);
        this.regex = regex(topics);
    }

    private static List<String> names(List<String> wanted) {
        return wanted.stream().filter(each -> !each.startsWith("^")).toList();
    }

    private static String regex(List<String> wanted) {
        return wanted.stream().filter(each -> each.startsWith("^")).findFirst().orElse("");
    }

    String memberId() {
        return memberId;
    }

    @Override
    public @Nullable String instanceId() {
        return instanceId;
    }

    /** The owner of what this member reads: a static member leaves it to the next of its instance, in its epoch. */
    @Override
    public String name() {
        return instanceId == null ? memberId : instanceId;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public SortedSet<PartitionId> owned() {
        return owned;
    }

    @Override
    public boolean isRefused() {
        return refused;
    }

    void subscribe(List<String> newTopics) {
        topics = names(newTopics);
        regex = regex(newTopics);
        sayAll = true;
    }

    /** Does whatever is next; an answer gets lost now and then. */
    @Override
    public void act(SplittableRandom random) {
        if (pending != null) {
            if (random.nextInt(20) == 0) {
                pending = null;
                sayAll = true;
            } else if (pending.arrived()) {
                Answer<ConsumerGroupHeartbeatResponseData> answer = pending;
                pending = null;
                answered(answer.get());
            }
        } else if (toReach != null && !owned.equals(toReach)) {
            reconcile(toReach);
        } else {
            send();
        }
    }

    @Override
    public void leave() {
        leave(-1);
    }

    void leave(int leaveEpoch) {
        owned.clear();
        group.send(ConsumerFixture.request(memberId, leaveEpoch).setInstanceId(instanceId), 1);
    }

    /** First what is to be given up; only when that is done, what is new. */
    private void reconcile(SortedSet<PartitionId> target) {
        if (!owned.retainAll(target)) {
            owned.addAll(target);
        }
        sayOwned = true;
    }

    private void send() {
        ConsumerGroupHeartbeatRequestData request = epoch == 0
                ? ConsumerFixture.joinRequest(memberId, topics.toArray(String[]::new))
                        .setSubscribedTopicRegex(regex)
                : ConsumerFixture.request(memberId, epoch);
        request.setInstanceId(instanceId);
        if (epoch > 0 && (sayOwned || sayAll)) {
            request.setTopicPartitions(ConsumerFixture.owned(owned));
        }
        if (epoch > 0 && sayAll) {
            request.setSubscribedTopicNames(topics)
                    .setSubscribedTopicRegex(regex)
                    .setRebalanceTimeoutMs(ConsumerFixture.REBALANCE_MS);
        }
        sayAll = false;
        sayOwned = false;
        pending = group.send(request, 1);
    }

    private void answered(ConsumerGroupHeartbeatResponseData answer) {
        switch (ConsumerFixture.error(answer)) {
            case NONE -> {
                epoch = answer.memberEpoch();
                if (answer.assignment() != null) {
                    toReach = ConsumerFixture.assigned(answer);
                }
            }
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> sayAll = true;
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND -> {
                owned.clear();
                toReach = null;
                epoch = 0;
                sayAll = true;
            }
            case UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID -> {
                owned.clear();
                refused = true;
            }
            default -> throw new AssertionError("a client does not expect " + answer);
        }
    }

    @Override
    public String toString() {
        return memberId + " (epoch " + epoch + ", owns " + owned + ")";
    }
}
