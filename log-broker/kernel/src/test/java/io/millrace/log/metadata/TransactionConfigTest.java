package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionConfigTest {

    @Test
    void readsEveryKey() {
        TransactionConfig config = TransactionConfig.of(Map.of(
                "transaction.max.timeout.ms", "1",
                "transactional.id.expiration.ms", "2",
                "transaction.remove.expired.transaction.cleanup.interval.ms", "3",
                "transaction.state.log.load.buffer.size", "4",
                "transaction.state.log.num.partitions", "5",
                "transaction.state.log.segment.bytes", "1048576"));

        assertThat(config.timeoutMaxMs()).isEqualTo(1);
        assertThat(config.idExpirationMs()).isEqualTo(2);
        assertThat(config.expirationCheckMs()).isEqualTo(3);
        assertThat(config.loadBytesMax()).isEqualTo(4);
        assertThat(config.topicPartitions()).isEqualTo(5);
        assertThat(config.topicSegmentBytes()).isEqualTo(1_048_576);
        assertThat(TransactionConfig.keys()).hasSize(6);
    }

    @Test
    void refusesAKeyThatIsNotKnownAndNamesTheNearest() {
        assertThatThrownBy(() -> TransactionConfig.of(Map.of("transaction.max.timeout", "5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transaction.max.timeout.ms");
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> TransactionConfig.of(Map.of("transaction.max.timeout.ms", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transaction.max.timeout.ms");
    }
}
