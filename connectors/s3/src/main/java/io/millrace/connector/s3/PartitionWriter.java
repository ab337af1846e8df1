package io.millrace.connector.s3;

import io.millrace.connector.s3.ObjectStore.Draft;
import io.millrace.connector.s3.S3SinkConfig.NullValues;
import java.io.IOException;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of one partition into files, one after the other, so that the offsets of the files are exactly the
 * offsets of the partition.
 *
 * <p>Life cycle: <em>unplaced</em> until the first record comes. Then the store tells what it has, and the writer is
 * <em>placed</em> behind that; when the log has begun before it, the log is asked to go on there, and the writer is
 * <em>rewinding</em> until the next poll. Records open a file; a full, old or differently shaped file is
 * <em>sealed</em> and published, and only then is the next one opened. When the store turns out to have a file of
 * another writer under the same name, this one's file is dropped and the writer rewinds behind the other.
 *
 * <p>Thread rule: the task's thread, except {@link #locate} and {@link #send}, which may run on any thread while the
 * task waits for them.
 */
final class PartitionWriter {

    private static final long UNKNOWN = -1;
    private static final int ROWS_PER_CHECK = 128;

    private final TopicPartition partition;
    private final String topic;
    private final ObjectNames names;
    private final S3SinkConfig config;
    private final S3SinkConfig.Rotation rotation;
    private final ObjectStore store;
    private final SinkTaskContext context;

    /** The lowest offset that is not taken yet, and the lowest that may still come. */
    private long next = UNKNOWN;

    private long floor = UNKNOWN;
    private boolean rewinding;
    private @Nullable OptionalLong stored;
    private @Nullable Schema lastValue;
    private @Nullable OpenFile open;

    /**
     * @param topic what the topic is called in the store
     */
    PartitionWriter(
            TopicPartition partition, String topic, S3SinkConfig config, ObjectStore store, SinkTaskContext context) {
        this.partition = partition;
        this.topic = topic;
        this.names = ObjectNames.of(config, topic, partition.topic(), partition.partition());
        this.config = config;
        this.rotation = config.rotation();
        this.store = store;
        this.context = context;
    }

    /** One file between its first row and its publication. */
    private static final class OpenFile {
        private final Draft draft;
        private final RowFile rows;
        private final RowSchema schema;
        private final long start;
        private final long openedMillis;
        private final @Nullable Long firstTimestamp;
        private long count;
        private long bufferedBytes;
        private long fileBytes;
        private boolean sealed;

        OpenFile(Draft draft, RowFile rows, RowSchema schema, SinkRecord first, long nowMillis) {
            this.draft = draft;
            this.rows = rows;
            this.schema = schema;
            this.start = first.originalKafkaOffset();
            this.firstTimestamp = first.timestamp();
            this.openedMillis = nowMillis;
        }

        /** Adds a row, and measures now and then: often at first, for rows may be large. */
        void write(SinkRecord record) throws IOException {
            rows.write(record);
            count++;
            if (count % ROWS_PER_CHECK == 0 || Long.bitCount(count) == 1) {
                bufferedBytes = rows.bufferedBytes();
                fileBytes = rows.fileBytes();
            }
        }
    }

    boolean isLocated() {
        return stored != null;
    }

    /** Asks the store for the last offset that it has of this partition. */
    OptionalLong locate() {
        return store.lastOffset(names);
    }

    /** Takes note of what {@link #locate} returned. */
    void located(OptionalLong lastOffset) {
        stored = lastOffset;
    }

    /** A new poll has been answered: what comes now comes from where the log was asked to go on. */
    void polled() {
        rewinding = false;
    }

    /**
     * Takes one record: into the open file, or not at all when it has been taken before.
     *
     * @throws DataException when this record can never be written; {@link #skip} goes past it
     */
    void write(SinkRecord record, long nowMillis) {
        place(record);
        long offset = record.originalKafkaOffset();
        if (!rewinding && offset < floor) {
            throw new ConnectException(partition + " delivered offset " + offset + ", though everything before " + floor
                    + " is stored: the topic was made anew or cut back;"
                    + " move its files away, or set another topics.dir");
        }
        if (open != null && mustEndBefore(open, record)) {
            publish();
        }
        if (rewinding || offset < next) {
            return;
        }
        if (record.value() != null || keepsTombstone(record)) {
            append(record, nowMillis);
        }
        next = offset + 1;
        if (open != null && isFull(open)) {
            publish();
        }
    }

    /** Goes past a record that cannot be written. */
    void skip(SinkRecord record) {
        next = Math.max(next, record.originalKafkaOffset() + 1);
    }

    /** Finishes the open file, stores it, and takes note of it. */
    void publish() {
        seal();
        settle(send());
    }

    /** Finishes the open file on this machine. */
    void seal() {
        if (open != null && !open.sealed) {
            try {
                open.rows.finish(next - 1);
            } catch (IOException e) {
                throw new ConnectException(
                        "Cannot finish the file for " + open.draft.name() + ": " + e.getMessage(), e);
            }
            open.sealed = true;
            open.bufferedBytes = 0;
        }
    }

    /** Stores the sealed file and returns the end offset of what is stored; empty when there is no file. */
    OptionalLong send() {
        return open == null ? OptionalLong.empty() : OptionalLong.of(store.publish(open.draft, next - 1));
    }

    /** Takes note of what {@link #send} returned. */
    void settle(OptionalLong storedEnd) {
        if (storedEnd.isEmpty()) {
            return;
        }
        open = null;
        context.requestCommit();
        if (storedEnd.getAsLong() != next - 1) {
            goOnAt(storedEnd.getAsLong() + 1);
        }
    }

    /** Forgets the open file; its records will be delivered again. */
    void discard() {
        if (open == null) {
            return;
        }
        next = open.start;
        Draft draft = open.draft;
        open = null;
        draft.discard();
    }

    /** The lowest offset that is not stored; empty before the first record. */
    OptionalLong durable() {
        if (next == UNKNOWN) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(open == null ? next : open.start);
    }

    boolean isOpen() {
        return open != null;
    }

    /** When the open file has waited {@code rotate.schedule.interval.ms}; never is {@link Long#MAX_VALUE}. */
    long dueMillis() {
        if (open == null) {
            return Long.MAX_VALUE;
        }
        if (open.sealed) {
            return open.openedMillis;
        }
        long wait = rotation.scheduleMillis();
        return wait < 0 ? Long.MAX_VALUE : open.openedMillis + wait;
    }

    /** What the open file holds in memory, as of the last time it was measured. */
    long bufferedBytes() {
        return open == null ? 0 : open.bufferedBytes;
    }

    private void place(SinkRecord record) {
        if (!record.topic().equals(topic)) {
            throw new ConnectException("Records of " + partition + " go to " + topic + " and to " + record.topic()
                    + ": a transform may rename a topic, but not split it");
        }
        if (next != UNKNOWN) {
            return;
        }
        long last = Objects.requireNonNull(stored, "located before it is written to")
                .orElse(UNKNOWN);
        if (record.originalKafkaOffset() <= last) {
            goOnAt(last + 1);
        } else {
            next = record.originalKafkaOffset();
            floor = next;
        }
    }

    private void goOnAt(long offset) {
        next = offset;
        floor = offset;
        rewinding = true;
        context.offset(partition, offset);
    }

    private boolean keepsTombstone(SinkRecord record) {
        NullValues nulls = config.nullValues();
        if (nulls == NullValues.FAIL) {
            throw new DataException("The value is null: set " + S3SinkConfig.NULL_VALUES + " to write or ignore");
        }
        if (nulls == NullValues.WRITE && record.key() == null) {
            throw new DataException("Key and value are null: this deletes no row");
        }
        return nulls == NullValues.WRITE;
    }

    private void append(SinkRecord record, long nowMillis) {
        OpenFile file = null;
        try {
            file = open == null ? create(record, nowMillis) : open;
            file.write(record);
            open = file;
        } catch (IOException e) {
            throw new ConnectException("Cannot write the rows of " + partition + ": " + e.getMessage(), e);
        } finally {
            if (open == null && file != null) {
                file.draft.discard();
            }
        }
        if (record.value() != null) {
            lastValue = record.valueSchema();
        }
    }

    private OpenFile create(SinkRecord record, long nowMillis) throws IOException {
        RowSchema schema = RowSchema.of(record, lastValue, config.metadataColumns());
        Draft draft = store.draft(names.name(record.originalKafkaOffset(), config.extension()));
        try {
            RowFile rows = config.isParquet()
                    ? new ParquetRows(schema, config, draft.file())
                    : new JsonRows(schema, config.isGzip(), draft.file());
            return new OpenFile(draft, rows, schema, record, nowMillis);
        } catch (DataException e) {
            draft.discard();
            throw e;
        }
    }

    private boolean mustEndBefore(OpenFile file, SinkRecord record) {
        boolean apart = rotation.intervalMillis() >= 0
                && file.firstTimestamp != null
                && record.timestamp() != null
                && record.timestamp() - file.firstTimestamp >= rotation.intervalMillis();
        return file.sealed || apart || !file.schema.fits(record);
    }

    private boolean isFull(OpenFile file) {
        return file.count >= rotation.rows() || file.fileBytes >= rotation.bytes();
    }
}
