package io.millrace.connector.faker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one shop, in order, from the committed position on.
 *
 * <p>Position: source partition {@code {"seed": "s"}}, source offset {@code {"sequence": n}}, where n is how many
 * records have been made, and so the number of the next one. Another seed is another partition: it begins at 0.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>{@link #start} reads the config and the committed offset, and draws the words that rows are made of.
 *   <li>{@link #poll} makes up to {@code batch.rows} records; null while the rate allows none.
 *   <li>Once {@code rows} records are made, {@link #poll} waits a while and returns null, until the end.
 *   <li>{@link #stop} ends a wait under way. The task is not started again.
 * </ol>
 *
 * <p>Thread rule: one thread starts and polls; {@link #stop} may come from another.
 *
 * <p>Key, value and offset of a record are a pure function of seed and sequence number. Its timestamp is the time at
 * which it was made, so that retention by time and freshness mean what they say.
 */
public final class FakerSourceTask extends SourceTask {

    private static final String SEED = "seed";
    private static final String SEQUENCE = "sequence";
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Pacer.Time time;
    private @Nullable Work work;

    /** A task in the machine's own time. */
    public FakerSourceTask() {
        this(Pacer.machineTime());
    }

    FakerSourceTask(Pacer.Time time) {
        this.time = time;
    }

    @Override
    public String version() {
        return FakerSourceConnector.pluginVersion();
    }

    @Override
    public void start(Map<String, String> props) {
        FakerConfig config = FakerConfig.from(props);
        Map<String, ?> partition = Map.of(SEED, Long.toString(config.seed()));
        Map<String, ?> offset = context.offsetStorageReader().offset(partition);
        long sequence = offset == null ? 0 : sequenceOf(offset);
        work = new Work(config, partition, sequence, time.nanos());
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Work current = work;
        if (current == null) {
            throw new IllegalStateException("poll was called before start");
        }
        long nowNanos = time.nanos();
        int wanted = current.wanted();
        int rows = wanted == 0 ? 0 : current.pacer.take(wanted, nowNanos);
        if (rows == 0) {
            time.pause(wanted == 0 ? IDLE_NANOS : current.pacer.waitNanos(nowNanos));
            return null;
        }
        return current.make(rows, time.epochMillis());
    }

    @Override
    public void stop() {
        time.end();
    }

    /** The position that an offset states. */
    static long sequenceOf(Map<String, ?> offset) {
        Object sequence = offset.get(SEQUENCE);
        if (!(sequence instanceof Number number) || number.longValue() < 0) {
            throw new ConnectException("The offset " + offset + " is not one of a shop: give {\"" + SEQUENCE
                    + "\": n}, n being the number of records already made");
        }
        return number.longValue();
    }

    static void requirePartition(Map<String, ?> partition) {
        if (!partition.keySet().equals(Set.of(SEED)) || !(partition.get(SEED) instanceof String)) {
            throw new ConnectException("The source partition " + partition + " is not one of a shop: give {\"" + SEED
                    + "\": \"s\"}, s being the shop's seed");
        }
    }

    /** What a started task holds. */
    private static final class Work {

        private final FakerConfig config;
        private final Map<String, ?> partition;
        private final Pacer pacer;
        private final ShopScript script;
        private final ShopRows rows;
        private final Map<ShopScript.Table, String> topics;
        private long sequence;

        Work(FakerConfig config, Map<String, ?> partition, long sequence, long nowNanos) {
            this.config = config;
            this.partition = partition;
            this.sequence = sequence;
            pacer = new Pacer(config.rowsPerSecond(), nowNanos);
            script = new ShopScript(config.seed());
            rows = new ShopRows(script, config.seed());
            topics = config.topics();
        }

        int wanted() {
            return Math.clamp(config.rows() - sequence, 0, config.batchRows());
        }

        List<SourceRecord> make(int count, long epochMillis) {
            List<SourceRecord> records = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                records.add(record(sequence + i, epochMillis));
            }
            sequence += count;
            return records;
        }

        private SourceRecord record(long number, long epochMillis) {
            ShopScript.Change change = script.change(number);
            ShopRows.Row row = rows.row(change);
            Map<String, ?> offset = Map.of(SEQUENCE, number + 1);
            return new SourceRecord(
                    partition,
                    offset,
                    topics.get(change.table()),
                    null,
                    row.key().schema(),
                    row.key(),
                    row.value() == null ? null : row.value().schema(),
                    row.value(),
                    epochMillis);
        }
    }
}
