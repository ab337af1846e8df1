package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction of topics that are written by transactions. */
class TransactionCompactionTest {

    private static final long A = 7;
    private static final long B = 8;

    /** One batch of one record for each segment. */
    private static final int SMALL = 75;

    private final KeyedLog keyed = new KeyedLog(1, SMALL, KeyedLog.EAGER);

    @Test
    void nothingOfAnAbortedTransactionStaysAndItSupersedesNothing() {
        keyed.write("a=1");
        keyed.send(A, 0, "a=2");
        keyed.end(A, false);
        keyed.send(A, 1, "b=1");
        keyed.end(A, true);
        keyed.write("end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("0:a=1", "2:ABORT", "3:b=1", "4:COMMIT", "5:end=1");
        assertThat(keyed.readCommitted()).containsExactly("0=a=1", "3=b=1", "5=end=1");
    }

    @Test
    void aCommittedRecordSupersedesAnOlderOne() {
        keyed.write("a=1");
        keyed.send(A, 0, "a=2");
        keyed.end(A, true);
        keyed.write("end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:COMMIT", "3:end=1");
    }

    @Test
    void whatAnOpenTransactionReachesIsNotTouched() {
        keyed.write("a=1", "a=2");
        keyed.send(A, 0, "a=3");
        keyed.write("a=4", "end=1");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("1:a=2", "2:a=3", "3:a=4", "4:end=1");
        keyed.end(A, false);
        keyed.write("end=2");
        keyed.compact();
        assertThat(keyed.readCommitted()).containsExactly("3=a=4", "4=end=1", "6=end=2");
    }

    @Test
    void aMarkerOfWhichNothingIsLeftStaysAsLongAsATombstone() {
        keyed.send(A, 0, "a=1");
        keyed.end(A, false);
        keyed.send(A, 1, "b=1");
        keyed.end(A, true);
        keyed.write("end=1");
        keyed.compact();
        assertThat(keyed.readAll()).contains("1:ABORT");
        keyed.write("end=2");
        keyed.compact();
        assertThat(keyed.readAll()).contains("1:ABORT");
        keyed.nowMillis += KeyedLog.TOMBSTONE_MS;
        keyed.write("end=3");
        keyed.compact();
        assertThat(keyed.readAll()).containsExactly("2:b=1", "3:COMMIT", "5:end=2", "6:end=3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void readersOfCommittedTransactionsFindTheNewestOfEachKeyWhateverWasCompacted(int seeds) {
        for (int seed = 20 * seeds; seed < 20 * seeds + 20; seed++) {
            new Run(seed).check();
        }
    }

    /** Random transactions of two producers and plain records, compactions and restarts, beside a plain model. */
    private static final class Run {
        private final int seed;
        private final Random random;
        private final KeyedLog keyed;
        private final Map<String, String> newest = new TreeMap<>();
        private final Map<Long, Map<String, String>> open = new TreeMap<>();
        private final Map<Long, Integer> sequences = new HashMap<>();
        private int values;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.keyed = new KeyedLog(seed, 75 + random.nextInt(400), KeyedLog.EAGER);
        }

        void check() {
            for (int step = 0; step < 60; step++) {
                step();
                keyed.commit();
            }
            List.copyOf(open.keySet()).forEach(producer -> end(producer, true));
            keyed.write("end=1");
            newest.put("end", "1");
            keyed.compact();
            Map<String, String> found = new TreeMap<>();
            for (String item : keyed.readCommitted()) {
                String[] parts = item.split("=");
                found.put(parts[1], parts[2]);
            }
            assertThat(found).as("seed %d", seed).isEqualTo(newest);
        }

        private void step() {
            long producer = random.nextBoolean() ? A : B;
            switch (random.nextInt(8)) {
                case 0 -> newest.put("plain", plain("plain"));
                case 1, 2, 3 -> send(producer);
                case 4 -> end(producer, true);
                case 5 -> end(producer, false);
                case 6 -> keyed.nowMillis += random.nextInt((int) KeyedLog.TOMBSTONE_MS);
                default -> compactOrRestart();
            }
        }

        private String plain(String key) {
            String value = Integer.toString(values++);
            keyed.append(key + "=" + value);
            return value;
        }

        /** The keys of the producers differ: which of two open transactions is the later one is not the question. */
        private void send(long producer) {
            String key = "key-" + producer + "-" + random.nextInt(3);
            String value = Integer.toString(values++);
            keyed.send(producer, sequences.merge(producer, 1, Integer::sum) - 1, key + "=" + value);
            open.computeIfAbsent(producer, ignored -> new TreeMap<>()).put(key, value);
        }

        private void end(long producer, boolean committed) {
            Map<String, String> written = open.remove(producer);
            if (written != null) {
                keyed.end(producer, committed);
                if (committed) {
                    newest.putAll(written);
                }
            }
        }

        private void compactOrRestart() {
            keyed.commit();
            if (random.nextInt(3) == 0) {
                keyed.restart();
            }
            keyed.compact();
        }
    }
}
