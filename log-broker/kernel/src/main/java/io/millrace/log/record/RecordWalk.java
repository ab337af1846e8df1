package io.millrace.log.record;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Looks into batches, record by record, and decompresses them for it. Not for the hot path: appends and fetches have no
 * need of it. Keys and values of compressed records are skipped, not kept, so that memory stays bounded.
 */
public final class RecordWalk {

    private RecordWalk() {}

    /**
     * The first record of a batch that fulfils a condition, or null.
     *
     * @param batch exactly one whole batch between position and limit
     * @throws InvalidRecordException if the records do not parse or decompress
     */
    public static @Nullable Record first(ByteBuffer batch, Predicate<Record> condition) {
        return walk(() -> parse(batch).skipKeyValueIterator(BufferSupplier.NO_CACHING), condition);
    }

    /**
     * As {@link #first}, with the keys and values of the records: one record at a time is in memory.
     *
     * @throws InvalidRecordException also if a record is larger than {@value BatchFilter#RECORD_BYTES_MAX} bytes
     */
    public static @Nullable Record firstWithKeys(ByteBuffer batch, Predicate<Record> condition) {
        return walk(
                () -> parse(batch).streamingIterator(BufferSupplier.NO_CACHING, BatchFilter.RECORD_BYTES_MAX),
                condition);
    }

    private static MutableRecordBatch parse(ByteBuffer batch) {
        return MemoryRecords.readableRecords(batch).batches().iterator().next();
    }

    private static @Nullable Record walk(Supplier<CloseableIterator<Record>> records, Predicate<Record> condition) {
        try (CloseableIterator<Record> items = records.get()) {
            while (items.hasNext()) {
                Record item = items.next();
                if (condition.test(item)) {
                    return item;
                }
            }
            return null;
        } catch (InvalidRecordException e) {
            throw e;
        } catch (KafkaException | IllegalArgumentException e) {
            throw new InvalidRecordException("records of a batch do not decompress: " + e.getMessage(), e);
        }
    }
}
