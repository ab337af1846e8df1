package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.CREATE_TOPICS;
import static io.millrace.log.simulation.Requests.createTopic;
import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.SegmentConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a log begins a new segment. */
class SegmentRollTest {

    private static final int LARGE = 1 << 20;
    private static final long HOUR = 3_600_000;
    private static final int BATCH = Batches.batch(1, "v").remaining();

    private static LogFixture fixture(SegmentConfig segments) {
        return new LogFixture(1, LogConfig.DEFAULTS.withSegment(segments));
    }

    /** Base offsets of the segments, in hex as they are in their names. */
    private static List<Long> segments(LogFixture fixture) {
        return fixture.disk.list(LogFixture.DIRECTORY).stream()
                .filter(name -> name.endsWith(".log"))
                .map(name -> Long.parseLong(name.substring(0, 20)))
                .toList();
    }

    @Test
    void aSegmentTakesNoMoreThanItsBytes() {
        LogFixture fixture = fixture(new SegmentConfig(3 * BATCH, HOUR, 0, 4096, LARGE));
        IntStream.range(0, 7).forEach(i -> fixture.append("v"));
        assertThat(segments(fixture)).containsExactly(0L, 3L, 6L);
    }

    @Test
    void aSegmentTakesNothingAfterItsTimeByTheBrokersClock() {
        LogFixture fixture = fixture(new SegmentConfig(LARGE, HOUR, 0, 4096, LARGE));
        fixture.append(Batches.batch(fixture.nowMillis + HOUR, "from the future"));
        fixture.append(Batches.batch(1, "from the past"));
        fixture.nowMillis += HOUR;
        fixture.append("in time");
        assertThat(segments(fixture)).containsExactly(0L);
        fixture.nowMillis += 1;
        fixture.append("late");
        assertThat(segments(fixture)).containsExactly(0L, 3L);
    }

    /** Kafka's rule: an index of n bytes holds n / 8 offsets, and n / 12 - 1 times. */
    @ParameterizedTest
    @CsvSource({"80, 6", "96, 8", "160, 13"})
    void aSegmentTakesNothingWhenAnIndexIsFull(int indexBytes, int records) {
        LogFixture fixture = fixture(new SegmentConfig(LARGE, HOUR, 0, 0, indexBytes));
        for (int i = 0; i < 20; i++) {
            fixture.nowMillis++;
            fixture.append("v");
        }
        assertThat(segments(fixture)).startsWith(0L, (long) records);
        fixture.restart();
        assertThat(fixture.readAll()).hasSize(20);
    }

    @Test
    void jitterEndsSegmentsEarlierAndEachAtATimeOfItsOwn() {
        LogFixture fixture = fixture(new SegmentConfig(LARGE, HOUR, HOUR / 2, 4096, LARGE));
        List<Long> ages = new ArrayList<>();
        long began = fixture.nowMillis;
        while (ages.size() < 20) {
            fixture.append("v");
            if (segments(fixture).size() > ages.size() + 1) {
                ages.add(fixture.nowMillis - began);
                began = fixture.nowMillis;
            }
            fixture.nowMillis += 10_000;
        }
        assertThat(ages).allSatisfy(age -> assertThat(age).isBetween(HOUR / 2, HOUR + 10_000));
        assertThat(ages.stream().distinct()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({
        "segment.index.bytes, 4, NONE",
        "segment.index.bytes, 3, INVALID_CONFIG",
        "segment.jitter.ms, 5000, NONE",
        "segment.jitter.ms, -1, INVALID_CONFIG",
        "preallocate, false, NONE",
        "preallocate, true, INVALID_CONFIG",
    })
    void topicsAreCreatedWithKafkasKeys(String key, String value, Errors expected) {
        TestClient client = new BrokerFixture(1).connect(0);
        CreateTopicsResponseData answer =
                client.call(CreateTopicsResponseData.class, createTopic("t", 1, key, value), CREATE_TOPICS);
        assertThat(error(answer.topics().find("t").errorCode())).isEqualTo(expected);
    }
}
