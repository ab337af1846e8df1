package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.record.BatchHeader;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.CompactionConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;

/**
 * A compacted log against a list of all that was ever appended, with crashes and power cuts at any disk operation
 * (anomaly A37). A failure names its seed; {@code -Dcompaction.model.seed=N} runs that seed alone, {@code
 * -Dcompaction.model.seeds=N} runs so many.
 */
class CompactionModelTest {

    private static final int SEEDS = 60;
    private static final int STEPS = 120;
    private static final int KEYS = 7;

    @Test
    void latestValuesSurviveCompactionAndCrashes() {
        Long only = Long.getLong("compaction.model.seed");
        long first = only == null ? 0 : only;
        long last = only == null ? Integer.getInteger("compaction.model.seeds", SEEDS) : only + 1;
        long removed = 0;
        for (long seed = first; seed < last; seed++) {
            try {
                removed += new Run(seed).steps();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(removed).isPositive();
    }

    private record Entry(String key, String shown, boolean isTombstone) {}

    private record Sent(int nextSequence, long lastOffset) {}

    private static final class Run {

        private final SplittableRandom random;
        private final KeyedLog keyed;
        /** By offset: all that was appended. */
        private final List<Entry> entries = new ArrayList<>();
        /** When a pass could first have seen a tombstone. */
        private final Map<Long, Long> seenMillis = new TreeMap<>();

        private final Map<Long, List<Sent>> sent = new TreeMap<>();
        private long durableEnd;
        private long untouchedFrom;
        private int written;
        private long removed;

        Run(long seed) {
            random = new SplittableRandom(seed);
            CompactionConfig config = new CompactionConfig(
                    random.nextInt(4) == 0 ? 2000 : 0,
                    Long.MAX_VALUE,
                    random.nextInt(3) * 0.2,
                    KeyedLog.TOMBSTONE_MS,
                    random.nextInt(3) == 0 ? random.nextInt(1, 5) : 1000);
            keyed = new KeyedLog(seed, random.nextInt(100, 1500), config);
        }

        long steps() {
            for (int step = 0; step < STEPS; step++) {
                step(random.nextInt(100));
                check();
            }
            keyed.restart();
            durableEnd = entries.size();
            check();
            keyed.log.close();
            assertThat(keyed.sim.openFiles()).isZero();
            assertThat(keyed.sim.openRegions()).isZero();
            return removed;
        }

        private void step(int dice) {
            if (dice < 45) {
                append();
            } else if (dice < 60) {
                commit();
            } else if (dice < 66) {
                keyed.nowMillis += random.nextInt(4000);
            } else if (dice < 78) {
                compact(random.nextInt(1, 8));
            } else if (dice < 84) {
                compact(Integer.MAX_VALUE);
            } else if (dice < 86) {
                restart();
            } else if (dice < 88) {
                loseFile();
            } else if (dice < 90) {
                recover(random.nextBoolean());
            } else if (dice < 97) {
                crashAnywhere();
            } else {
                failAnywhere();
            }
        }

        private void append() {
            String[] records = new String[random.nextInt(1, 5)];
            for (int i = 0; i < records.length; i++) {
                String key = "k" + random.nextInt(KEYS);
                records[i] = random.nextInt(4) == 0 ? key : key + "=v" + written++;
            }
            long producerId = random.nextInt(3) == 0 ? random.nextInt(2) : -1;
            List<Sent> before = sent.computeIfAbsent(producerId, id -> new ArrayList<>());
            int sequence = before.isEmpty() ? 0 : before.getLast().nextSequence();
            Compression compression = random.nextInt(3) == 0 ? Compression.lz4().build() : Compression.NONE;
            ByteBuffer batch = keyed.batch(compression, producerId, producerId < 0 ? -1 : sequence, records);
            long base = entries.size();
            AppendOutcome outcome = keyed.append(batch);
            if (outcome instanceof AppendOutcome.Rejected && keyed.log.isFailed()) {
                return;
            }
            assertThat(outcome).isEqualTo(new AppendOutcome.Appended(base, base + records.length - 1, -1));
            for (String each : records) {
                String key = each.split("=", 2)[0];
                entries.add(new Entry(key, entries.size() + ":" + each, key.equals(each)));
            }
            before.add(new Sent(sequence + records.length, entries.size() - 1));
        }

        private void commit() {
            keyed.commit();
            durableEnd = Math.max(durableEnd, keyed.log.durableEndOffset());
        }

        private void compact(int steps) {
            for (long offset = 0; offset < entries.size(); offset++) {
                if (entries.get((int) offset).isTombstone()) {
                    seenMillis.putIfAbsent(offset, keyed.nowMillis);
                }
            }
            untouchedFrom = entries.size();
            int left = steps;
            while (left-- > 0 && keyed.log.compact(keyed.nowMillis)) {
                if (random.nextInt(10) == 0) {
                    check();
                }
            }
        }

        private void restart() {
            keyed.restart();
            durableEnd = Math.max(durableEnd, keyed.log.durableEndOffset());
        }

        private void crashAnywhere() {
            keyed.disk.crashAfter(random.nextInt(30));
            try {
                commit();
                compact(Integer.MAX_VALUE);
                restart();
            } catch (CrashingDisk.Crash e) {
                // Wherever it was.
            }
            recover(random.nextBoolean());
        }

        private void failAnywhere() {
            keyed.disk.failAfter(random.nextInt(30));
            try {
                commit();
                compact(Integer.MAX_VALUE);
            } catch (DiskFailure e) {
                check();
            }
            keyed.disk.calm();
            check();
            recover(random.nextBoolean());
        }

        /** Without a snapshot of producers or leader epochs, recovery scans what was compacted. */
        private void loseFile() {
            keyed.log.close();
            keyed.sim.list(KeyedLog.DIRECTORY).stream()
                    .filter(name -> name.endsWith(".snapshot")
                            || ((name.startsWith("leader-epoch") || name.endsWith("index")) && random.nextBoolean()))
                    .forEach(name -> keyed.sim.delete(KeyedLog.DIRECTORY + "/" + name));
            keyed.reopen();
            durableEnd = Math.max(durableEnd, keyed.log.durableEndOffset());
        }

        private void recover(boolean powerCut) {
            keyed.disk.calm();
            if (powerCut) {
                keyed.sim.cutPower();
            } else {
                keyed.sim.crash();
            }
            keyed.reopen();
            long end = keyed.log.logEndOffset();
            assertThat(end).isBetween(durableEnd, (long) entries.size());
            if (!powerCut) {
                assertThat(end).isEqualTo(entries.size());
            }
            entries.subList((int) end, entries.size()).clear();
            seenMillis.keySet().removeIf(offset -> offset >= end);
            sent.values().forEach(batches -> batches.removeIf(batch -> batch.lastOffset() >= end));
            untouchedFrom = Math.min(untouchedFrom, end);
            durableEnd = end;
        }

        private void check() {
            assertThat(keyed.log.logStartOffset()).isZero();
            assertThat(keyed.log.logEndOffset()).isEqualTo(entries.size());
            List<String> found = keyed.readAll();
            List<Long> offsets = found.stream()
                    .map(item -> Long.valueOf(item.substring(0, item.indexOf(':'))))
                    .toList();
            assertThat(offsets).isSorted().doesNotHaveDuplicates();
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i))
                        .isEqualTo(entries.get(offsets.get(i).intValue()).shown());
            }
            for (long offset = untouchedFrom; offset < entries.size(); offset++) {
                assertThat(offsets).contains(offset);
            }
            removed += entries.size() - found.size();
            checkLatest(offsets);
            checkBatches();
            if (!entries.isEmpty()) {
                long from = random.nextInt(entries.size());
                assertThat(keyed.readFrom(from))
                        .isEqualTo(found.subList(
                                (int) offsets.stream()
                                        .filter(offset -> offset < from)
                                        .count(),
                                found.size()));
            }
        }

        private void checkLatest(List<Long> offsets) {
            Map<String, Long> latest = new TreeMap<>();
            for (long offset = 0; offset < entries.size(); offset++) {
                latest.put(entries.get((int) offset).key(), offset);
            }
            Map<String, Long> latestFound = new TreeMap<>();
            offsets.forEach(
                    offset -> latestFound.put(entries.get(offset.intValue()).key(), offset));
            latest.forEach((key, offset) -> {
                Long foundAt = latestFound.get(key);
                if (foundAt == null) {
                    assertThat(entries.get(offset.intValue()).isTombstone())
                            .as("the last record of %s, at %d, is lost", key, offset)
                            .isTrue();
                    assertThat(keyed.nowMillis - seenMillis.getOrDefault(offset, Long.MAX_VALUE / 2))
                            .as("age of the tombstone at %d", offset)
                            .isGreaterThanOrEqualTo(KeyedLog.TOMBSTONE_MS);
                } else {
                    assertThat(foundAt).as("offset of %s", key).isEqualTo(offset);
                }
            });
        }

        private void checkBatches() {
            long next = 0;
            for (ByteBuffer batch : keyed.batchesFrom(0)) {
                assertThat(BatchHeader.baseOffset(batch, 0)).isGreaterThanOrEqualTo(next);
                next = BatchHeader.lastOffset(batch, 0) + 1;
            }
            assertThat(next).isLessThanOrEqualTo(entries.size());
        }
    }
}
