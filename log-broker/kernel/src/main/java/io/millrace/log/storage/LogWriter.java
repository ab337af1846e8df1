package io.millrace.log.storage;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.RecordsValidator;
import io.millrace.log.record.Refusal;
import io.millrace.log.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;

/** The appending side of a log. */
final class LogWriter {

    private final LogState log;
    private final RecordsValidator validator = new RecordsValidator();
    private final CRC32C crc = new CRC32C();

    LogWriter(LogState log) {
        this.log = log;
    }

    AppendOutcome append(ByteBuffer records, boolean inSequence, int leaderEpoch, long nowMillis) {
        DiskFailure failure = log.durability().failure();
        if (failure != null) {
            return storageError("the log has failed and takes no records", failure);
        }
        Refusal refusal = validator.check(records, log.config().records(), nowMillis);
        if (refusal == null && inSequence) {
            AppendOutcome.Duplicate duplicate = log.producers().duplicateOf(records, records.position());
            if (duplicate != null) {
                return isLogAppendTime() ? duplicate : duplicate.withoutTimestamp();
            }
        }
        if (refusal == null) {
            refusal = log.producers().check(records, records.position(), inSequence);
        }
        return refusal == null
                ? write(records, leaderEpoch, nowMillis)
                : new AppendOutcome.Rejected(refusal.error(), refusal.message());
    }

    AppendOutcome endTransaction(TransactionMarker marker, int leaderEpoch, long nowMillis) {
        DiskFailure failure = log.durability().failure();
        if (failure != null) {
            return storageError("the log has failed and takes no markers", failure);
        }
        if (log.producers().hasEnded(marker)) {
            // It stands somewhere in the log, so it is committed when all of the log is.
            long last = log.logEndOffset() - 1;
            return new AppendOutcome.Duplicate(last, last, AppendOutcome.NO_TIMESTAMP);
        }
        Refusal refusal = log.producers().check(marker);
        if (refusal != null) {
            return new AppendOutcome.Rejected(refusal.error(), refusal.message());
        }
        AppendOutcome outcome = store(marker.batch(nowMillis), leaderEpoch, nowMillis);
        if (outcome instanceof AppendOutcome.Appended appended) {
            AbortedTransaction aborted = log.producers().end(marker, appended.baseOffset(), nowMillis);
            if (aborted != null) {
                log.active().transactions().add(aborted);
            }
        }
        return outcome;
    }

    private AppendOutcome write(ByteBuffer records, int leaderEpoch, long nowMillis) {
        int at = records.position();
        AppendOutcome outcome = store(records, leaderEpoch, nowMillis);
        if (outcome instanceof AppendOutcome.Appended) {
            log.producers().add(records, at, nowMillis);
        }
        return outcome;
    }

    private AppendOutcome store(ByteBuffer records, int leaderEpoch, long nowMillis) {
        int at = records.position();
        int end = records.limit();
        try {
            long nextOffset = prepare(records, leaderEpoch, nowMillis);
            if (mustRoll(end - at, nextOffset - 1, nowMillis)) {
                log.roll();
            }
            log.active().append(records, nowMillis);
        } catch (DiskFailure e) {
            records.limit(end).position(at);
            if (e.kind() == DiskFailure.Kind.FULL) {
                log.producers().refusedForNow(records, at, nowMillis);
            }
            return writeFailed(e);
        }
        log.grown(end - at);
        long baseOffset = BatchHeader.baseOffset(records, at);
        log.epochs().assign(leaderEpoch, baseOffset);
        long timestamp = isLogAppendTime() ? nowMillis : AppendOutcome.NO_TIMESTAMP;
        return new AppendOutcome.Appended(baseOffset, log.logEndOffset() - 1, timestamp);
    }

    /** Sets in every batch what a leader sets; returns the offset after the last. */
    private long prepare(ByteBuffer records, int leaderEpoch, long nowMillis) {
        long offset = log.logEndOffset();
        int at = records.position();
        while (at < records.limit()) {
            BatchHeader.baseOffset(records, at, offset);
            BatchHeader.leaderEpoch(records, at, leaderEpoch);
            if (isLogAppendTime()) {
                BatchHeader.stampLogAppendTime(records, at, nowMillis, crc);
            }
            offset += BatchHeader.lastOffsetDelta(records, at) + 1;
            at += BatchHeader.sizeInBytes(records, at);
        }
        return offset;
    }

    private boolean isLogAppendTime() {
        return log.config().records().timestampType() == TimestampType.LOG_APPEND_TIME;
    }

    private boolean mustRoll(int bytes, long lastOffset, long nowMillis) {
        Segment active = log.active();
        SegmentConfig limits = log.config().segment();
        if (active.size() == 0) {
            return false;
        }
        long ageMax = limits.ageMaxMillis(active.path(), active.baseOffset());
        boolean old = active.firstAppendMillis() >= 0 && nowMillis - active.firstAppendMillis() > ageMax;
        return old
                || (long) active.size() + bytes > limits.bytesMax()
                || active.isIndexFull(limits.indexBytesMax())
                || lastOffset - active.baseOffset() > Integer.MAX_VALUE;
    }

    private AppendOutcome writeFailed(DiskFailure cause) {
        if (cause.kind() == DiskFailure.Kind.FULL) {
            try {
                log.active().cutTail();
                return storageError("the disk is full", cause);
            } catch (DiskFailure e) {
                e.addSuppressed(cause);
                log.durability().fail(e);
                return storageError("the disk is full, and what was written in part cannot be cut off", e);
            }
        }
        log.durability().fail(cause);
        return storageError("a write has failed, the log takes no more records", cause);
    }

    private static AppendOutcome.Rejected storageError(String what, DiskFailure cause) {
        return new AppendOutcome.Rejected(Errors.KAFKA_STORAGE_ERROR, what + ": " + cause.getMessage());
    }
}
