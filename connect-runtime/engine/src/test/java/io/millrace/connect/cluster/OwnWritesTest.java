package io.millrace.connect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.log.AppendedAt;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OwnWritesTest {

    private static final TopicPartition PARTITION = new TopicPartition("statuses", 0);

    private final OwnWrites writes = new OwnWrites();

    @Test
    void supersedesAllThatIsReadWhileAWriteIsUnderWay() {
        writes.begun("key");

        assertThat(writes.supersede("key", 3)).isTrue();
        assertThat(writes.supersede("another", 4)).isFalse();
    }

    @Test
    void supersedesWhatStandsAtOrBelowTheNewestOfSeveralWrites() {
        writes.begun("key");
        writes.begun("key");
        writes.answered("key", at(7));
        assertThat(writes.supersede("key", 7)).isTrue();

        writes.answered("key", at(9));

        assertThat(writes.supersede("key", 8)).isTrue();
        assertThat(writes.supersede("key", 9)).isTrue();
        assertThat(writes.supersede("key", 10)).isFalse();
    }

    @Test
    void yieldsToAnotherWorkersNewerRecord() {
        writes.begun("key");
        writes.answered("key", at(7));

        assertThat(writes.supersede("key", 8)).isFalse();
        assertThat(writes.supersede("key", 9)).isFalse();
    }

    @Test
    void forgetsAWriteThatTheLogDidNotTake() {
        writes.begun("key");
        writes.answered("key", null);

        assertThat(writes.supersede("key", 3)).isFalse();
    }

    private static AppendedAt at(long offset) {
        return new AppendedAt(PARTITION, offset, -1);
    }
}
