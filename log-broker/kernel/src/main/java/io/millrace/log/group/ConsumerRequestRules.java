package io.millrace.log.group;

import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a ConsumerGroupHeartbeat whatever its group is. */
final class ConsumerRequestRules {

    /** From then on, the client makes its member id itself. */
    private static final short FIRST_VERSION_WITH_OWN_ID = 1;

    private static final int NOT_SAID = -1;

    private ConsumerRequestRules() {}

    static @Nullable Refusal refusal(
            ConsumerGroupHeartbeatRequestData request, short version, ConsumerGroupSettings settings) {
        int epoch = request.memberEpoch();
        boolean mustName = version >= FIRST_VERSION_WITH_OWN_ID || epoch > 0 || epoch == CurrentAssignment.LEFT_EPOCH;
        if (request.memberId().isBlank() && (mustName || !request.memberId().isEmpty())) {
            return invalid("The member id is empty.");
        }
        if (request.groupId().isBlank()) {
            return invalid("The group id is empty.");
        }
        if (isBlank(request.instanceId())) {
            return invalid("The instance id is empty: a dynamic member has none.");
        }
        if (isBlank(request.rackId())) {
            return invalid("The rack id is empty: leave it out if there is none.");
        }
        Refusal wrongEpoch = epoch == 0 ? joinRefusal(request) : leaveRefusal(request);
        return wrongEpoch == null ? assignorRefusal(request.serverAssignor(), settings) : wrongEpoch;
    }

    private static @Nullable Refusal joinRefusal(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() == NOT_SAID) {
            return invalid("A member that joins must give its rebalance timeout.");
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            return invalid("A member that joins must give an empty list of partitions: it owns none yet.");
        }
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            return invalid("A member that joins must give the topics that it subscribes to, or an expression.");
        }
        return null;
    }

    private static @Nullable Refusal leaveRefusal(ConsumerGroupHeartbeatRequestData request) {
        int epoch = request.memberEpoch();
        if (epoch < CurrentAssignment.LEFT_STATIC_EPOCH) {
            return invalid("There is no member epoch " + epoch + ".");
        }
        boolean nameless = epoch == CurrentAssignment.LEFT_STATIC_EPOCH && request.instanceId() == null;
        return nameless
                ? invalid("Only a static member leaves with epoch -2, and it must give its instance id.")
                : null;
    }

    private static @Nullable Refusal assignorRefusal(@Nullable String assignor, ConsumerGroupSettings settings) {
        return assignor == null || settings.offers(assignor)
                ? null
                : new Refusal(
                        Errors.UNSUPPORTED_ASSIGNOR,
                        "There is no assignor " + assignor + ", only "
                                + String.join(", ", settings.config().assignors()) + ".");
    }

    private static boolean isBlank(@Nullable String value) {
        return value != null && value.isBlank();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REQUEST, message);
    }
}
