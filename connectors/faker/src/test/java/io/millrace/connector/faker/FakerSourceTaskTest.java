package io.millrace.connector.faker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FakerSourceTaskTest {

    private static final int ROWS = 2_000;
    private static final int BATCH = 97;

    @Test
    void makesTheSameRecordsForTheSameSeed() {
        assertThat(withoutTime(ShopRun.drain(config(1), null))).isEqualTo(withoutTime(ShopRun.drain(config(1), null)));
    }

    @Test
    void makesAnotherShopForAnotherSeed() {
        assertThat(values(ShopRun.drain(config(1), null))).isNotEqualTo(values(ShopRun.drain(config(2), null)));
    }

    @Test
    void continuesAtEveryBatchBoundaryAsIfItHadNotStopped() {
        List<SourceRecord> whole = ShopRun.drain(config(7), null);
        for (int made = BATCH; made < ROWS; made += BATCH) {
            List<SourceRecord> rest =
                    ShopRun.drain(config(7), whole.get(made - 1).sourceOffset());
            assertThat(withoutTime(rest)).isEqualTo(withoutTime(whole.subList(made, ROWS)));
        }
    }

    @Test
    void replayOfAnySuffixEndsInTheSameState() {
        List<SourceRecord> whole = ShopRun.drain(config(7), null);
        for (int from = 0; from < ROWS; from += 131) {
            List<SourceRecord> replayed = new ArrayList<>(whole);
            replayed.addAll(whole.subList(from, ROWS));
            assertThat(ShopRun.fold(replayed)).isEqualTo(ShopRun.fold(whole));
        }
    }

    @Test
    void makesExactlyTheRowsAskedForAndThenIdlesInLongPauses() {
        SimulatedTime time = new SimulatedTime();
        FakerSourceTask task = ShopRun.start(time, config(1), Map.of("sequence", (long) ROWS - 1));

        assertThat(ShopRun.poll(task)).hasSize(1);
        assertThat(ShopRun.poll(task)).isNull();
        assertThat(ShopRun.poll(task)).isNull();

        assertThat(time.pauses()).isEqualTo(2);
        assertThat(time.nanos()).isEqualTo(1_000_000_000L);
    }

    @Test
    void endlessShopKeepsToItsRate() {
        SimulatedTime time = new SimulatedTime();
        FakerSourceTask task = ShopRun.start(time, endless(300), null);
        long made = 0;
        while (time.nanos() < 10_000_000_000L) {
            made += count(ShopRun.poll(task));
        }
        assertThat(made).isBetween(2_990L, 3_010L);
        assertThat(time.pauses()).isLessThan(1_100);
    }

    @Test
    void catchesUpForNoMoreThanOneSecondAfterALongAbsence() {
        SimulatedTime time = new SimulatedTime();
        FakerSourceTask task = ShopRun.start(time, endless(300), null);
        time.advance(60_000_000_000L);
        assertThat(count(ShopRun.poll(task))).isEqualTo(301);
        assertThat(ShopRun.poll(task)).isNull();
    }

    @Test
    void stampsRecordsWithTheTimeTheyWereMade() {
        SimulatedTime time = new SimulatedTime();
        FakerSourceTask task = ShopRun.start(time, config(1), null);
        time.advance(5_000_000L);
        assertThat(Objects.requireNonNull(ShopRun.poll(task)))
                .allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(1_000_005L));
    }

    @Test
    void namesTopicsByPrefixAndTable() {
        assertThat(ShopRun.drain(config(1), null).stream().map(SourceRecord::topic))
                .contains("shop.customers", "shop.products", "shop.orders", "shop.order_items", "shop.payments");
        Map<String, String> bare = with(config(1), FakerConfig.TOPIC_PREFIX, "");
        assertThat(ShopRun.drain(bare, null).getFirst().topic()).isEqualTo("customers");
    }

    @Test
    void refusesAnOffsetThatIsNotOne() {
        assertThatThrownBy(() -> ShopRun.drain(config(1), Map.of("lsn", 5L)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("{\"sequence\": n}");
    }

    @Test
    void letsOffsetsBeAlteredToPositionsThatExist() {
        FakerSourceConnector connector = new FakerSourceConnector();
        assertThat(connector.alterOffsets(config(1), Map.of(Map.of("seed", "1"), Map.of("sequence", 10))))
                .isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(config(1), Map.of(Map.of("seed", "1"), Map.of("sequence", -1))))
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> connector.alterOffsets(config(1), Map.of(Map.of("file", "x"), Map.of("sequence", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("seed");
    }

    @Test
    void runsAsOneTaskAndSupportsExactlyOnce() {
        FakerSourceConnector connector = new FakerSourceConnector();
        connector.start(config(1));
        assertThat(connector.taskConfigs(8)).containsExactly(config(1));
        assertThat(connector.exactlyOnceSupport(config(1))).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        connector.stop();
    }

    private static int count(@Nullable List<SourceRecord> records) {
        return records == null ? 0 : records.size();
    }

    private static List<Object> values(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::value).toList();
    }

    private static List<SourceRecord> withoutTime(List<SourceRecord> records) {
        return records.stream()
                .map(r -> r.newRecord(
                        r.topic(), null, r.keySchema(), r.key(), r.valueSchema(), r.value(), null, r.headers()))
                .toList();
    }

    private static Map<String, String> config(long seed) {
        return Map.of("seed", Long.toString(seed), "rows", Integer.toString(ROWS), "batch.rows", "" + BATCH);
    }

    private static Map<String, String> endless(int rowsPerSecond) {
        return Map.of("rows.per.second", Integer.toString(rowsPerSecond));
    }

    private static Map<String, String> with(Map<String, String> config, String key, String value) {
        Map<String, String> changed = new HashMap<>(config);
        changed.put(key, value);
        return changed;
    }
}
