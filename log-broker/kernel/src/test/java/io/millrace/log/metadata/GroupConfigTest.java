package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupConfigTest {

    @Test
    void everyKeyReachesItsValue() {
        GroupConfig config = GroupConfig.of(Map.ofEntries(
                Map.entry("group.min.session.timeout.ms", "1"),
                Map.entry("group.max.session.timeout.ms", "2"),
                Map.entry("group.initial.rebalance.delay.ms", "3"),
                Map.entry("group.max.size", "4"),
                Map.entry("offset.metadata.max.bytes", "5"),
                Map.entry("offsets.retention.minutes", "6"),
                Map.entry("offsets.retention.check.interval.ms", "7"),
                Map.entry("offsets.commit.timeout.ms", "8"),
                Map.entry("offsets.load.buffer.size", "9"),
                Map.entry("offsets.topic.num.partitions", "10"),
                Map.entry("offsets.topic.segment.bytes", "1048576")));

        assertThat(config.sessionTimeoutMinMs()).isEqualTo(1);
        assertThat(config.sessionTimeoutMaxMs()).isEqualTo(2);
        assertThat(config.initialRebalanceDelayMs()).isEqualTo(3);
        assertThat(config.membersMax()).isEqualTo(4);
        assertThat(config.offsetMetadataMax()).isEqualTo(5);
        assertThat(config.offsetsRetentionMs()).isEqualTo(6 * 60_000);
        assertThat(config.offsetsRetentionCheckMs()).isEqualTo(7);
        assertThat(config.commitTimeoutMs()).isEqualTo(8);
        assertThat(config.loadBytesMax()).isEqualTo(9);
        assertThat(config.topicPartitions()).isEqualTo(10);
        assertThat(config.topicSegmentBytes()).isEqualTo(1_048_576);
        assertThat(GroupConfig.keys())
                .filteredOn(key -> !key.name.startsWith("group.consumer."))
                .hasSize(11);
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() {
        assertThatThrownBy(() -> GroupConfig.of(Map.of("offsets.retention.minute", "5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offsets.retention.minute, the nearest known is offsets.retention.minutes");
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> GroupConfig.of(Map.of("group.max.size", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group.max.size");
        assertThatThrownBy(() -> GroupConfig.of(Map.of("group.max.session.timeout.ms", "5999")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("below group.min.session.timeout.ms, which is 6000");
    }
}
