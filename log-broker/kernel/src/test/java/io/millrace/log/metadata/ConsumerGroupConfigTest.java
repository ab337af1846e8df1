package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerGroupConfigTest {

    @Test
    void everyKeyReachesItsValue() {
        ConsumerGroupConfig config = GroupConfig.of(Map.ofEntries(
                        Map.entry("group.consumer.min.session.timeout.ms", "4"),
                        Map.entry("group.consumer.session.timeout.ms", "5"),
                        Map.entry("group.consumer.max.session.timeout.ms", "6"),
                        Map.entry("group.consumer.min.heartbeat.interval.ms", "1"),
                        Map.entry("group.consumer.heartbeat.interval.ms", "2"),
                        Map.entry("group.consumer.max.heartbeat.interval.ms", "3"),
                        Map.entry("group.consumer.min.assignment.interval.ms", "7"),
                        Map.entry("group.consumer.assignment.interval.ms", "8"),
                        Map.entry("group.consumer.max.assignment.interval.ms", "9"),
                        Map.entry("group.consumer.max.size", "10"),
                        Map.entry("group.consumer.assignors", "range"),
                        Map.entry("group.consumer.migration.policy", "bidirectional")))
                .consumers();

        assertThat(config.sessionTimeoutMs()).isEqualTo(5);
        assertThat(config.heartbeatIntervalMs()).isEqualTo(2);
        assertThat(config.assignmentIntervalMs()).isEqualTo(8);
        assertThat(config.membersMax()).isEqualTo(10);
        assertThat(config.assignors()).containsExactly("range");
        assertThat(GroupConfig.keys())
                .filteredOn(key -> key.name.startsWith("group.consumer."))
                .hasSize(12);
    }

    @Test
    void refusesValuesThatContradictEachOther() {
        assertThatThrownBy(() -> GroupConfig.of(Map.of("group.consumer.session.timeout.ms", "60001")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group.consumer.session.timeout.ms is 60001, not within");
        assertThatThrownBy(() -> GroupConfig.of(Map.of(
                        "group.consumer.max.heartbeat.interval.ms", "50000",
                        "group.consumer.heartbeat.interval.ms", "45000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not below group.consumer.session.timeout.ms");
        assertThatThrownBy(() -> GroupConfig.of(Map.of("group.consumer.assignors", "best")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("best");
    }
}
