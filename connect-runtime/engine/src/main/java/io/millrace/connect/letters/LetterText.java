package io.millrace.connect.letters;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.ConnectJson;
import io.millrace.connect.record.Converters;
import io.millrace.connect.sink.LetterHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.jspecify.annotations.Nullable;

/**
 * What is in a letter.
 *
 * @param headers those that the record had before it became a letter
 */
public record LetterText(Part key, Part value, List<NamedPart> headers) {

    /**
     * Key, value, or the value of a header.
     *
     * @param data as the connector's converter reads it; null where it cannot
     * @param schema null where there is none
     * @param bytes as they stand in the log; null: none
     * @param error why the converter cannot read it; null: it can
     */
    public record Part(
            @Nullable JsonNode data,
            @Nullable JsonNode schema,
            ConnectJson.@Nullable Bytes bytes,
            @Nullable String error) {}

    /** A header. */
    public record NamedPart(String name, Part part) {}

    static LetterText of(StoredRecord letter, String topic, Converters converters, ConnectJson json) {
        Payload payload = letter.payload();
        Headers before = LetterHeaders.before(payload.headers());
        List<NamedPart> headers = new ArrayList<>();
        for (Header each : before) {
            headers.add(new NamedPart(
                    each.key(),
                    part(
                            each.value(),
                            () -> converters.header().toConnectHeader(topic, each.key(), each.value()),
                            json)));
        }
        return new LetterText(
                part(payload.key(), () -> converters.key().toConnectData(topic, before, payload.key()), json),
                part(payload.value(), () -> converters.value().toConnectData(topic, before, payload.value()), json),
                List.copyOf(headers));
    }

    private static Part part(byte @Nullable [] bytes, Callable<SchemaAndValue> converted, ConnectJson json) {
        ConnectJson.Bytes shown = ConnectJson.bytes(bytes);
        try {
            SchemaAndValue read = converted.call();
            JsonNode schema = read.schema() == null ? null : json.schema(read.schema());
            return new Part(json.data(read.schema(), read.value()), schema, shown, null);
        } catch (Exception e) {
            // A converter may throw anything for bytes that it cannot read, which is often what made the letter.
            return new Part(null, null, shown, String.valueOf(e.getMessage()));
        }
    }
}
