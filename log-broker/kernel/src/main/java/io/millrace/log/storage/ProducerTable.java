package io.millrace.log.storage;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.Refusal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one log (KIP-98): finds batches that were sent twice, and refuses those that are out of
 * order or of a fenced epoch.
 */
final class ProducerTable {

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>();

    Collection<ProducerEntry> entries() {
        return Collections.unmodifiableCollection(producers.values());
    }

    /** Finds the batch at {@code at} among those that were appended before; null if it is new. */
    AppendOutcome.@Nullable Duplicate duplicateOf(ByteBuffer records, int at) {
        ProducerEntry entry = producers.get(BatchHeader.producerId(records, at));
        if (entry == null || entry.epoch() != BatchHeader.producerEpoch(records, at)) {
            return null;
        }
        int slot = entry.slotOf(BatchHeader.baseSequence(records, at), BatchHeader.lastOffsetDelta(records, at));
        return slot < 0
                ? null
                : new AppendOutcome.Duplicate(entry.baseOffset(slot), entry.lastOffset(slot), entry.appendMillis(slot));
    }

    /**
     * Judges a batch that is no duplicate. A producer that is not known, or no longer, may begin with any sequence
     * number.
     *
     * @return null if it may be appended
     */
    @Nullable
    Refusal check(ByteBuffer records, int at) {
        long producerId = BatchHeader.producerId(records, at);
        ProducerEntry entry = producers.get(producerId);
        if (entry == null) {
            return null;
        }
        short epoch = BatchHeader.producerEpoch(records, at);
        if (epoch < entry.epoch()) {
            return new Refusal(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "producer %d has epoch %d, the log knows epoch %d of it"
                            .formatted(producerId, epoch, entry.epoch()));
        }
        int sequence = BatchHeader.baseSequence(records, at);
        int expected = epoch > entry.epoch() ? 0 : entry.nextSequence();
        if (sequence != expected) {
            return new Refusal(
                    Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    "producer %d, epoch %d: sequence %d, expected %d".formatted(producerId, epoch, sequence, expected));
        }
        return null;
    }

    /** Remembers a batch that was appended, with its offset set. Batches of other producers are ignored. */
    void add(ByteBuffer buffer, int at, long appendMillis) {
        long producerId = BatchHeader.producerId(buffer, at);
        if (producerId < 0) {
            return;
        }
        short epoch = BatchHeader.producerEpoch(buffer, at);
        entryOf(producerId, epoch)
                .add(
                        epoch,
                        BatchHeader.baseSequence(buffer, at),
                        BatchHeader.lastOffsetDelta(buffer, at),
                        BatchHeader.lastOffset(buffer, at),
                        appendMillis);
    }

    ProducerEntry entryOf(long producerId, short epoch) {
        ProducerEntry entry = producers.get(producerId);
        if (entry == null) {
            entry = new ProducerEntry(producerId, epoch);
            producers.put(producerId, entry);
        }
        return entry;
    }

    /** Forgets producers that have appended nothing since {@code millis}. */
    void expireBefore(long millis) {
        producers.values().removeIf(entry -> entry.lastAppendMillis() < millis);
    }

    void clear() {
        producers.clear();
    }
}
