package io.millrace.connect.sink;

import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.Stage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Turns stored bytes into the record that a sink sees. */
public final class DecodeStage {

    private final Converters converters;
    private final ErrorTolerance<StoredRecord> errors;
    private final ReplayTopic replays;

    /** @param replays whose records are shown as they first stood */
    public DecodeStage(Converters converters, ErrorTolerance<StoredRecord> errors, ReplayTopic replays) {
        this.converters = converters;
        this.errors = errors;
        this.replays = replays;
    }

    /** The topic that the sink is told for a record. */
    String topicOf(StoredRecord stored) {
        return replays.holds(stored)
                ? replays.origin(stored).topic()
                : stored.partition().topic();
    }

    /** Null when a converter failed and failures are tolerated. */
    public @Nullable SinkRecord apply(Attempt<StoredRecord> attempt) {
        StoredRecord stored = attempt.original();
        Payload payload = stored.payload();
        ReplayTopic.Origin origin = replays.origin(stored);
        String topic = origin.topic();
        Headers given = origin.headers();
        SchemaAndValue key = errors.run(
                attempt,
                Stage.KEY_CONVERTER,
                converters.types().key(),
                () -> converters.key().toConnectData(topic, given, payload.key()));
        SchemaAndValue value = key == null
                ? null
                : errors.run(
                        attempt,
                        Stage.VALUE_CONVERTER,
                        converters.types().value(),
                        () -> converters.value().toConnectData(topic, given, payload.value()));
        ConnectHeaders headers = value == null
                ? null
                : errors.run(
                        attempt,
                        Stage.HEADER_CONVERTER,
                        converters.types().header(),
                        () -> converters.fromBytes(topic, given));
        if (key == null || value == null || headers == null) {
            return null;
        }
        return record(stored, origin, key, value, headers);
    }

    private static SinkRecord record(
            StoredRecord stored,
            ReplayTopic.Origin origin,
            SchemaAndValue key,
            SchemaAndValue value,
            ConnectHeaders headers) {
        TopicPartition at = stored.partition();
        return new SinkRecord(
                origin.topic(),
                origin.partition() < 0 ? at.partition() : origin.partition(),
                key.schema(),
                key.value(),
                value.schema(),
                value.value(),
                origin.offset() < 0 ? stored.offset() : origin.offset(),
                stored.timestampMs() < 0 ? null : stored.timestampMs(),
                stored.timestampType(),
                headers,
                at.topic(),
                at.partition(),
                stored.offset());
    }

    /** Lets go of the plugins. */
    public void close() {
        converters.close();
    }
}
