package io.millrace.connect.source;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.record.FlowMeter;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to the log, which stores them while the next ones are polled and converted, and keeps what the log
 * answered for the task's thread to look at.
 */
public final class AppendStage {

    private final LogAppender appender;
    private final TopicMaker topics;
    private final Arrivals arrivals;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean keepsAnswers = true;

    /**
     * What became of one record.
     *
     * @param position where it stands; null when it was refused
     * @param refusal why the log will never take it; null when it did
     */
    record Answer(
            SourceRecord origin,
            @Nullable AppendedAt position,
            @Nullable LogFailure refusal,
            PositionLedger.Batch batch) {

        /** As the source is told; null when the record was refused. */
        @Nullable
        RecordMetadata metadata() {
            return position == null
                    ? null
                    : new RecordMetadata(position.partition(), position.offset(), 0, position.timestampMs(), -1, -1);
        }
    }

    /** Learns of records that the log has, on the log's threads. */
    public interface Arrivals {

        /**
         * A record is stored.
         *
         * @param timestampMs its timestamp, milliseconds since the epoch, or negative
         * @param bytes its size
         */
        void stored(long timestampMs, long bytes);

        /** So is the last one of a batch. */
        void lastOfBatch(long timestampMs);

        /** Counts records as soon as they are stored. */
        static Arrivals counted(FlowMeter flow) {
            return new Arrivals() {
                @Override
                public void stored(long timestampMs, long bytes) {
                    flow.countOut(1);
                    flow.countLogBytes(bytes);
                }

                @Override
                public void lastOfBatch(long timestampMs) {
                    if (timestampMs >= 0) {
                        flow.arrived(timestampMs);
                    }
                }
            };
        }
    }

    public AppendStage(LogAppender appender, TopicMaker topics, Arrivals arrivals) {
        this.appender = appender;
        this.topics = topics;
        this.arrivals = arrivals;
    }

    /** Whether answers of records that the log took are kept, for a source that wants to hear of each. */
    void keepAnswers(boolean keep) {
        keepsAnswers = keep;
    }

    /** Returns before the log has answered; blocks while the appender's buffer is full. */
    void append(PositionLedger.Batch batch, List<SourceRecord> origins, List<OutgoingRecord> records) {
        records.forEach(record -> topics.ensure(record.topic()));
        appender.append(records, new Listener(batch, origins, records));
    }

    /** The next answer that the task's thread has to deal with; null when there is none. */
    @Nullable
    Answer nextAnswer() {
        return answers.poll();
    }

    void close(Duration timeout) {
        appender.close(timeout);
    }

    /** Takes in the log's answers, on the log's threads. */
    private final class Listener implements AppendListener {

        private final PositionLedger.Batch batch;
        private final List<SourceRecord> origins;
        private final List<OutgoingRecord> records;

        private Listener(PositionLedger.Batch batch, List<SourceRecord> origins, List<OutgoingRecord> records) {
            this.batch = batch;
            this.origins = origins;
            this.records = records;
        }

        @Override
        public void acknowledged(int index, AppendedAt position) {
            if (keepsAnswers) {
                answers.add(new Answer(origins.get(index), position, null, batch));
            }
            arrivals.stored(position.timestampMs(), records.get(index).payload().size());
            if (index == origins.size() - 1) {
                arrivals.lastOfBatch(position.timestampMs());
            }
            batch.acknowledge();
        }

        @Override
        public void failed(int index, LogFailure failure) {
            if (failure.category() == LogFailure.Category.REJECT) {
                answers.add(new Answer(origins.get(index), null, failure, batch));
            } else {
                batch.fail(failure);
            }
        }
    }
}
