package io.millrace.connect.sink;

import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.Stage;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Turns stored bytes into the record that a sink sees. */
public final class DecodeStage {

    private final Converters converters;
    private final ErrorTolerance<StoredRecord> errors;

    public DecodeStage(Converters converters, ErrorTolerance<StoredRecord> errors) {
        this.converters = converters;
        this.errors = errors;
    }

    /** Null when a converter failed and failures are tolerated. */
    @Nullable
    SinkRecord apply(Attempt<StoredRecord> attempt) {
        StoredRecord stored = attempt.original();
        Payload payload = stored.payload();
        String topic = stored.partition().topic();
        SchemaAndValue key = errors.run(
                attempt,
                Stage.KEY_CONVERTER,
                converters.types().key(),
                () -> converters.key().toConnectData(topic, payload.headers(), payload.key()));
        SchemaAndValue value = key == null
                ? null
                : errors.run(
                        attempt,
                        Stage.VALUE_CONVERTER,
                        converters.types().value(),
                        () -> converters.value().toConnectData(topic, payload.headers(), payload.value()));
        ConnectHeaders headers = value == null
                ? null
                : errors.run(
                        attempt,
                        Stage.HEADER_CONVERTER,
                        converters.types().header(),
                        () -> converters.fromBytes(topic, payload.headers()));
        if (key == null || value == null || headers == null) {
            return null;
        }
        return record(stored, key, value, headers);
    }

    private static SinkRecord record(
            StoredRecord stored, SchemaAndValue key, SchemaAndValue value, ConnectHeaders headers) {
        return new SinkRecord(
                stored.partition().topic(),
                stored.partition().partition(),
                key.schema(),
                key.value(),
                value.schema(),
                value.value(),
                stored.offset(),
                stored.timestampMs() < 0 ? null : stored.timestampMs(),
                stored.timestampType(),
                headers);
    }

    void close() {
        converters.close();
    }
}
