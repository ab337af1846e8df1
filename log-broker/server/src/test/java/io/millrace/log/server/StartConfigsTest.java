package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.metadata.BrokerSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartConfigsTest {

    @Test
    void eachConfigIsForThePartOfTheBrokerThatItsNameTells() {
        StartConfigs configs = StartConfigs.of(Map.of(
                "num.partitions", "3",
                "group.consumer.max.size", "7",
                "offsets.retention.minutes", "5",
                "transaction.max.timeout.ms", "9000"));

        assertThat(configs.broker().integer(BrokerSettings.NUM_PARTITIONS)).isEqualTo(3);
        assertThat(configs.groups().consumers().membersMax()).isEqualTo(7);
        assertThat(configs.groups().offsetsRetentionMs()).isEqualTo(300_000);
        assertThat(configs.groups().initialRebalanceDelayMs()).isZero();
        assertThat(configs.transactions().timeoutMaxMs()).isEqualTo(9_000);
    }

    @Test
    void groupsWaitForMoreMembersIfTheyAreToldTo() {
        assertThat(StartConfigs.of(Map.of("group.initial.rebalance.delay.ms", "50"))
                        .groups()
                        .initialRebalanceDelayMs())
                .isEqualTo(50);
    }

    @Test
    void refusesAKeyThatIsNotThereWithTheNearestOne() {
        assertThatThrownBy(() -> StartConfigs.of(Map.of("group.consumer.max.sice", "7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group.consumer.max.size");
    }

    @Test
    void refusesAPolicyOfMigrationThatThereIsNot() {
        assertThatThrownBy(() -> StartConfigs.of(Map.of("group.consumer.migration.policy", "sideways")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BIDIRECTIONAL");
    }
}
