package io.millrace.connect.source;

import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Says when a source's transaction ends (KIP-618).
 *
 * <p><b>Threads.</b> The task's.
 */
public sealed interface TransactionBoundary
        permits TransactionBoundary.EachPoll, TransactionBoundary.Interval, TransactionBoundary.Requested {

    /** What is to be done with the transaction that is open. */
    enum End {
        /** It goes on. */
        NONE,
        /** Its records become visible. */
        COMMIT,
        /** Its records are dropped, and their positions are committed nevertheless: the source does not repeat them. */
        ABORT
    }

    /** After each record, also a dropped one. */
    End afterRecord(SourceRecord record);

    /**
     * After each poll, also one without records.
     *
     * @param kept how many records wait for the commit to be told to the source
     */
    End afterPoll(int kept);

    /** When no poll follows for now: at a pause, at the end. */
    End atRest();

    /** A transaction for each poll. */
    record EachPoll() implements TransactionBoundary {

        @Override
        public End afterRecord(SourceRecord record) {
            return End.NONE;
        }

        @Override
        public End afterPoll(int kept) {
            return End.COMMIT;
        }

        @Override
        public End atRest() {
            return End.COMMIT;
        }
    }

    /** A transaction for each stretch of time, or for less where {@value Delivery#IN_FLIGHT_MAX} records are kept. */
    final class Interval implements TransactionBoundary {

        private final long intervalMs;
        private final LongSupplier clockMs;
        private long lastMs;

        /**
         * @param clockMs milliseconds that only grow
         */
        public Interval(long intervalMs, LongSupplier clockMs) {
            this.intervalMs = intervalMs;
            this.clockMs = clockMs;
            this.lastMs = clockMs.getAsLong();
        }

        @Override
        public End afterRecord(SourceRecord record) {
            return End.NONE;
        }

        @Override
        public End afterPoll(int kept) {
            long nowMs = clockMs.getAsLong();
            if (nowMs - lastMs < intervalMs && kept < Delivery.IN_FLIGHT_MAX) {
                return End.NONE;
            }
            lastMs = nowMs;
            return End.COMMIT;
        }

        @Override
        public End atRest() {
            lastMs = clockMs.getAsLong();
            return End.COMMIT;
        }
    }

    /** Transactions as the source asks for them. */
    record Requested(RequestedEnds requests) implements TransactionBoundary {

        @Override
        public End afterRecord(SourceRecord record) {
            return requests.takeAfter(record);
        }

        @Override
        public End afterPoll(int kept) {
            return requests.take();
        }

        @Override
        public End atRest() {
            return requests.take();
        }
    }
}
