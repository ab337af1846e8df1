package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.ConsumerGroupConfig;
import io.millrace.log.metadata.GroupConfig;
import io.millrace.log.metadata.GroupOverrides;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;

/** What holds for a consumer group, and the cluster's metadata as the coordinator's shard has it now. */
final class ConsumerGroupSettings {

    private final ConsumerGroupConfig config;
    private final int classicMembersMax;
    private final Supplier<ClusterImage> image;

    ConsumerGroupSettings(GroupConfig config, Supplier<ClusterImage> image) {
        this.config = config.consumers();
        this.classicMembersMax = config.membersMax();
        this.image = image;
    }

    ClusterImage image() {
        return image.get();
    }

    ConsumerGroupConfig config() {
        return config;
    }

    int sessionTimeoutMs(String groupId) {
        return number(GroupOverrides.SESSION_TIMEOUT, groupId);
    }

    /** What counts for a member: one that speaks the classic protocol has chosen for itself. */
    int sessionTimeoutMs(String groupId, ConsumerMember member) {
        ClassicFace classic = member.classic();
        return classic == null ? sessionTimeoutMs(groupId) : classic.sessionTimeoutMs();
    }

    /** Members of a classic group above which no more are let in. */
    int classicMembersMax() {
        return classicMembersMax;
    }

    int heartbeatIntervalMs(String groupId) {
        return number(GroupOverrides.HEARTBEAT_INTERVAL, groupId);
    }

    /** How long targets stand before they are computed anew. */
    int assignmentIntervalMs(String groupId) {
        return number(GroupOverrides.ASSIGNMENT_INTERVAL, groupId);
    }

    private int number(String key, String groupId) {
        return GroupOverrides.value(key, image().settings().configs(ConfigResource.Type.GROUP, groupId), config);
    }

    boolean offers(String assignor) {
        return config.assignors().contains(assignor);
    }

    /** The first of the assignors that are offered. */
    Assignor defaultAssignor() {
        return Assignor.named(config.assignors().getFirst()).orElseThrow();
    }
}
