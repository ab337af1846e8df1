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

    /** Where a producer that is not known must begin, since there was no room for what it sent first. */
    private record Awaited(short epoch, int sequence, long sinceMillis) {}

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>();
    private final Map<Long, Awaited> awaited = new LinkedHashMap<>();

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
     * number; but not beyond a batch of which it was told to send it again, or it would find its batches reordered.
     *
     * @return null if it may be appended
     */
    @Nullable
    Refusal check(ByteBuffer records, int at) {
        long producerId = BatchHeader.producerId(records, at);
        ProducerEntry entry = producers.get(producerId);
        short epoch = BatchHeader.producerEpoch(records, at);
        int sequence = BatchHeader.baseSequence(records, at);
        if (entry == null) {
            Awaited first = awaited.get(producerId);
            return first != null && first.epoch() == epoch && first.sequence() < sequence
                    ? outOfOrder(records, at, first.sequence())
                    : null;
        }
        if (epoch < entry.epoch()) {
            return new Refusal(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "producer %d has epoch %d, the log knows epoch %d of it"
                            .formatted(producerId, epoch, entry.epoch()));
        }
        int expected = epoch > entry.epoch() ? 0 : entry.nextSequence();
        return sequence == expected ? null : outOfOrder(records, at, expected);
    }

    private static Refusal outOfOrder(ByteBuffer records, int at, int expected) {
        return new Refusal(
                Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "producer %d, epoch %d: sequence %d, expected %d"
                        .formatted(
                                BatchHeader.producerId(records, at),
                                BatchHeader.producerEpoch(records, at),
                                BatchHeader.baseSequence(records, at),
                                expected));
    }

    /** Takes note of a batch for which there was no room, and which its producer will send again. */
    void foundNoRoom(ByteBuffer records, int at, long nowMillis) {
        long producerId = BatchHeader.producerId(records, at);
        if (producerId >= 0 && !producers.containsKey(producerId)) {
            short epoch = BatchHeader.producerEpoch(records, at);
            awaited.put(producerId, new Awaited(epoch, BatchHeader.baseSequence(records, at), nowMillis));
        }
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

    /** Whether this is the last batch that a known producer appended. */
    boolean isLast(long producerId, long lastOffset) {
        ProducerEntry entry = producers.get(producerId);
        return entry != null && entry.lastOffset(entry.slot(0)) == lastOffset;
    }

    ProducerEntry entryOf(long producerId, short epoch) {
        ProducerEntry entry = producers.get(producerId);
        if (entry == null) {
            entry = new ProducerEntry(producerId, epoch);
            producers.put(producerId, entry);
            awaited.remove(producerId);
        }
        return entry;
    }

    /** Forgets producers that have appended nothing since {@code millis}. */
    void expireBefore(long millis) {
        producers.values().removeIf(entry -> entry.lastAppendMillis() < millis);
        awaited.values().removeIf(first -> first.sinceMillis() < millis);
    }

    void clear() {
        producers.clear();
        awaited.clear();
    }
}
