package io.millrace.connect.source;

import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.Stage;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Turns a source record into the bytes that the log stores. */
public final class ConvertStage {

    private final Converters converters;
    private final ErrorTolerance<SourceRecord> errors;

    public ConvertStage(Converters converters, ErrorTolerance<SourceRecord> errors) {
        this.converters = converters;
        this.errors = errors;
    }

    /** Null when a converter failed and failures are tolerated. */
    public @Nullable OutgoingRecord apply(SourceRecord record, Attempt<SourceRecord> attempt) {
        String topic = record.topic();
        Headers headers = errors.run(
                attempt,
                Stage.HEADER_CONVERTER,
                converters.types().header(),
                () -> converters.toBytes(topic, record.headers()));
        if (headers == null) {
            return null;
        }
        byte[] key = errors.run(
                attempt,
                Stage.KEY_CONVERTER,
                converters.types().key(),
                () -> converters.key().fromConnectData(topic, headers, record.keySchema(), record.key()));
        byte[] value = attempt.failed()
                ? null
                : errors.run(
                        attempt,
                        Stage.VALUE_CONVERTER,
                        converters.types().value(),
                        () -> converters.value().fromConnectData(topic, headers, record.valueSchema(), record.value()));
        if (attempt.failed()) {
            return null;
        }
        return new OutgoingRecord(topic, record.kafkaPartition(), record.timestamp(), new Payload(key, value, headers));
    }

    /** Lets go of the plugins. */
    public void close() {
        converters.close();
    }
}
