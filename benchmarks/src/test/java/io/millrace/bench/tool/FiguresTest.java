package io.millrace.bench.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Figures out of what Kafka's tools print. */
class FiguresTest {

    private static final String PRODUCED = """
            Warmup first 10 records. Steady state results will print after the complete test summary.
            100 records sent, 1000.500000 records/sec (0.98 MB/sec), 9.10 ms avg latency, 20.00 ms max latency, 8 ms \
            50th, 15 ms 95th, 19 ms 99th, 20 ms 99.9th.
            90 steady state records sent, 2000.250000 records/sec (1.96 MB/sec), 4.10 ms avg latency, 9.00 ms max \
            latency, 3 ms 50th, 7 ms 95th, 8 ms 99th, 9 ms 99.9th.
            """;

    private static final String CONSUMED = """
            start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, \
            fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
            2026-11-28 06:00:00:000, 2026-11-28 06:00:01:000, 97.6562, 97.6562, 1000, 1000.0000, 500, 500, 195.3125, \
            2000.0000
            """;

    @Test
    void producerFiguresAreThoseAfterTheWarmUp() throws IOException {
        assertThat(ProducerFigures.parse(PRODUCED)).isEqualTo(new ProducerFigures(2000.25, 3, 8));
    }

    @Test
    void errorsOfTheProducerAreNotTakenForFigures() {
        assertThatThrownBy(() -> ProducerFigures.parse("org.apache.kafka.common.errors.TimeoutException\n" + PRODUCED))
                .hasMessageContaining("was told of errors");
    }

    @Test
    void consumerFiguresLeaveTheRebalanceOut() throws IOException {
        assertThat(ConsumerFigures.parse(CONSUMED, 1000)).isEqualTo(new ConsumerFigures(2000));
    }

    @Test
    void aConsumerThatFindsTooFewRecordsFails() {
        assertThatThrownBy(() -> ConsumerFigures.parse(CONSUMED, 1001))
                .hasMessageContaining("found 1000 records of 1001");
    }
}
