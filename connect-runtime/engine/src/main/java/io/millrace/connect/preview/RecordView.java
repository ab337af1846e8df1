package io.millrace.connect.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.record.ConnectJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Shows records, and collects their schemas: each is listed once.
 *
 * <p><b>Threads.</b> The preview's thread only.
 */
final class RecordView implements AutoCloseable {

    private static final Payload NOT_WRITTEN = new Payload(null, null, new RecordHeaders());

    private final ConnectJson json = new ConnectJson();
    private final Map<Schema, Integer> places = new LinkedHashMap<>();
    private List<JsonNode> schemas = List.of();

    /** Every schema so far, by its place. */
    List<JsonNode> schemas() {
        return schemas;
    }

    /** A record of a source, with the bytes that the log would hold. */
    Preview.Delivered written(ConnectRecord<?> record, OutgoingRecord as) {
        return delivered(record, as.payload());
    }

    /** A record as a sink would be given it. */
    Preview.Delivered given(ConnectRecord<?> record) {
        return delivered(record, NOT_WRITTEN);
    }

    private Preview.Delivered delivered(ConnectRecord<?> record, Payload payload) {
        return new Preview.Delivered(
                record.topic(),
                record.kafkaPartition(),
                record.timestamp(),
                part(record.keySchema(), record.key(), payload.key()),
                part(record.valueSchema(), record.value(), payload.value()),
                headers(record, payload));
    }

    private List<Preview.Header> headers(ConnectRecord<?> record, Payload payload) {
        List<Preview.Header> headers = new ArrayList<>();
        org.apache.kafka.common.header.Header[] written = payload.headers().toArray();
        for (Header header : record.headers()) {
            byte[] bytes = headers.size() < written.length ? written[headers.size()].value() : null;
            headers.add(new Preview.Header(header.key(), part(header.schema(), header.value(), bytes)));
        }
        return headers;
    }

    private Preview.Part part(@Nullable Schema schema, @Nullable Object data, byte @Nullable [] written) {
        return new Preview.Part(
                schema == null ? null : place(schema), json.data(schema, data), ConnectJson.bytes(written));
    }

    private int place(Schema schema) {
        Integer known = places.get(schema);
        if (known != null) {
            return known;
        }
        int place = places.size();
        places.put(schema, place);
        List<JsonNode> more = new ArrayList<>(schemas);
        more.add(json.schema(schema));
        schemas = List.copyOf(more);
        return place;
    }

    /** A position of a source as JSON. */
    JsonNode position(@Nullable Map<String, ?> position) {
        return json.data(null, position);
    }

    @Override
    public void close() {
        json.close();
    }
}
