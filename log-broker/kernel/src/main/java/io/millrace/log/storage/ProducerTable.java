package io.millrace.log.storage;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.Refusal;
import io.millrace.log.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one log and their transactions (KIP-98): finds batches that were sent twice, and refuses
 * those that are out of order or of a fenced epoch.
 */
final class ProducerTable {

    /** Where a producer that is not known must begin, since what it sent first was refused for now. */
    private record Awaited(short epoch, int sequence, long sinceMillis) {}

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>();
    private final Map<Long, Awaited> awaited = new LinkedHashMap<>();
    private final UnstableOffsets unstable = new UnstableOffsets();

    /** The transactions that bound the last stable offset. */
    UnstableOffsets unstable() {
        return unstable;
    }

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
     * Judges a batch that is no duplicate.
     *
     * @param inSequence whether its sequence number counts: not in batches that a coordinator writes for a producer
     * @return null if it may be appended
     */
    @Nullable
    Refusal check(ByteBuffer records, int at, boolean inSequence) {
        long producerId = BatchHeader.producerId(records, at);
        ProducerEntry entry = producers.get(producerId);
        short epoch = BatchHeader.producerEpoch(records, at);
        if (entry == null) {
            return inSequence ? checkFirst(records, at) : null;
        }
        if (epoch < entry.epoch()) {
            return new Refusal(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "producer %d has epoch %d, the log knows epoch %d of it"
                            .formatted(producerId, epoch, entry.epoch()));
        }
        if (entry.hasTransaction() && !BatchHeader.isTransactional(records, at)) {
            return new Refusal(
                    Errors.INVALID_TXN_STATE,
                    "producer %d has a transaction open from offset %d on, the batch is of none"
                            .formatted(producerId, entry.transactionStart()));
        }
        int expected = epoch > entry.epoch() ? 0 : entry.nextSequence();
        return !inSequence || BatchHeader.baseSequence(records, at) == expected
                ? null
                : outOfOrder(records, at, expected);
    }

    /**
     * A producer that is not known, or no longer, may begin with any sequence number; but not beyond a batch of which
     * it was told to send it again, or it would find its batches reordered.
     */
    private @Nullable Refusal checkFirst(ByteBuffer records, int at) {
        Awaited first = awaited.get(BatchHeader.producerId(records, at));
        return first != null
                        && first.epoch() == BatchHeader.producerEpoch(records, at)
                        && first.sequence() < BatchHeader.baseSequence(records, at)
                ? outOfOrder(records, at, first.sequence())
                : null;
    }

    /**
     * Judges a marker that does not {@linkplain #hasEnded stand in the log already}.
     *
     * @return null if it may be appended
     */
    @Nullable
    Refusal check(TransactionMarker marker) {
        ProducerEntry entry = producers.get(marker.producerId());
        if (entry == null) {
            return null;
        }
        int epochMin = bumpsEpoch(marker) ? entry.epoch() + 1 : entry.epoch();
        if (marker.producerEpoch() < epochMin) {
            return new Refusal(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "marker has epoch %d of producer %d, must have at least %d"
                            .formatted(marker.producerEpoch(), marker.producerId(), epochMin));
        }
        return marker.coordinatorEpoch() < entry.coordinatorEpoch()
                ? new Refusal(
                        Errors.TRANSACTION_COORDINATOR_FENCED,
                        "marker of producer %d comes from coordinator epoch %d, the log knows epoch %d"
                                .formatted(marker.producerId(), marker.coordinatorEpoch(), entry.coordinatorEpoch()))
                : null;
    }

    /** Whether a marker that ends its transaction with an epoch of its own was appended before. */
    boolean hasEnded(TransactionMarker marker) {
        ProducerEntry entry = producers.get(marker.producerId());
        return entry != null
                && bumpsEpoch(marker)
                && marker.producerEpoch() == entry.epoch()
                && !entry.hasTransaction();
    }

    private static boolean bumpsEpoch(TransactionMarker marker) {
        return marker.transactionVersion() >= TransactionMarker.VERSION_WITH_EPOCH_BUMP;
    }

    /** Whether the producer, under this epoch, has a transaction open. */
    boolean hasTransaction(long producerId, short epoch) {
        ProducerEntry entry = producers.get(producerId);
        return entry != null && entry.epoch() == epoch && entry.hasTransaction();
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

    /** Takes note of a batch that was refused for now, and which its producer will send again. */
    void refusedForNow(ByteBuffer records, int at, long nowMillis) {
        long producerId = BatchHeader.producerId(records, at);
        if (producerId >= 0 && !producers.containsKey(producerId)) {
            short epoch = BatchHeader.producerEpoch(records, at);
            awaited.put(producerId, new Awaited(epoch, BatchHeader.baseSequence(records, at), nowMillis));
        }
    }

    /** Remembers a batch of records that was appended, with its offset set. Batches of other producers are ignored. */
    void add(ByteBuffer buffer, int at, long appendMillis) {
        long producerId = BatchHeader.producerId(buffer, at);
        if (producerId < 0) {
            return;
        }
        short epoch = BatchHeader.producerEpoch(buffer, at);
        ProducerEntry entry = entryOf(producerId, epoch);
        if (BatchHeader.isTransactional(buffer, at) && !entry.hasTransaction()) {
            long firstOffset = BatchHeader.baseOffset(buffer, at);
            entry.beginTransaction(firstOffset);
            unstable.begin(firstOffset, producerId);
        }
        entry.add(
                epoch,
                BatchHeader.baseSequence(buffer, at),
                BatchHeader.lastOffsetDelta(buffer, at),
                BatchHeader.lastOffset(buffer, at),
                appendMillis);
    }

    /**
     * Remembers a marker that was appended at an offset.
     *
     * @return the transaction that it aborted; null if it committed one, or none was open
     */
    @Nullable
    AbortedTransaction end(TransactionMarker marker, long offset, long appendMillis) {
        ProducerEntry entry = entryOf(marker.producerId(), marker.producerEpoch());
        awaited.remove(marker.producerId());
        long start = entry.transactionStart();
        entry.end(marker.producerEpoch(), marker.coordinatorEpoch(), appendMillis);
        if (start == ProducerEntry.NO_TRANSACTION) {
            return null;
        }
        unstable.end(start, offset);
        return marker.committed()
                ? null
                : new AbortedTransaction(
                        marker.producerId(), start, offset, Math.min(unstable.firstOpen(), offset + 1));
    }

    /**
     * Takes over a batch that stands in the log: of records, or a marker.
     *
     * @param nowMillis the time of batches that do not say when they were appended
     * @return as {@link #end}
     */
    @Nullable
    AbortedTransaction replay(BatchCursor cursor, long nowMillis) {
        ByteBuffer buffer = cursor.buffer();
        int at = cursor.at();
        if (BatchHeader.isControl(buffer, at)) {
            long offset = cursor.lastOffset();
            long millis = BatchHeader.maxTimestamp(buffer, at);
            short epoch = BatchHeader.producerEpoch(buffer, at);
            long producerId = BatchHeader.producerId(buffer, at);
            TransactionMarker marker = TransactionMarker.read(cursor.copy());
            if (marker != null) {
                return end(marker, offset, millis);
            }
            // Compaction has left the epoch, and no more.
            int coordinator = entryOf(producerId, epoch).coordinatorEpoch();
            end(new TransactionMarker(producerId, epoch, true, coordinator, 0), offset, millis);
            return null;
        }
        boolean stamped = BatchHeader.isLogAppendTime(buffer, at);
        add(buffer, at, stamped ? BatchHeader.maxTimestamp(buffer, at) : nowMillis);
        return null;
    }

    /** Takes over all batches of a segment; returns the transactions that were aborted in it. */
    List<AbortedTransaction> replay(Segment segment) {
        List<AbortedTransaction> aborted = new ArrayList<>();
        BatchCursor cursor = segment.cursor();
        int position = 0;
        while (position < segment.size()) {
            cursor.moveTo(position);
            AbortedTransaction ended = replay(cursor, 0);
            if (ended != null) {
                aborted.add(ended);
            }
            position = cursor.nextPosition();
        }
        return aborted;
    }

    /** Takes over what a snapshot says of an entry, beside its batches. */
    void restore(ProducerEntry entry, int coordinatorEpoch, long transactionStart, long millis) {
        entry.restore(coordinatorEpoch, transactionStart, millis);
        if (entry.hasTransaction()) {
            unstable.begin(transactionStart, entry.producerId());
        }
    }

    /** Whether this is the last batch that a known producer appended: the last of records, or else its marker. */
    boolean isLast(ByteBuffer batch, int at) {
        ProducerEntry entry = producers.get(BatchHeader.producerId(batch, at));
        if (entry == null) {
            return false;
        }
        return entry.count() > 0
                ? entry.lastOffset(entry.slot(0)) == BatchHeader.lastOffset(batch, at)
                : BatchHeader.isControl(batch, at) && BatchHeader.producerEpoch(batch, at) == entry.epoch();
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

    /** Forgets producers that have appended nothing since {@code millis}, unless they have a transaction open. */
    void expireBefore(long millis) {
        producers.values().removeIf(entry -> !entry.hasTransaction() && entry.lastAppendMillis() < millis);
        awaited.values().removeIf(first -> first.sinceMillis() < millis);
    }

    void clear() {
        producers.clear();
        awaited.clear();
        unstable.clear();
    }
}
