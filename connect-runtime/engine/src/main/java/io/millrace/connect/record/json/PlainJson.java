package io.millrace.connect.record.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's JsonConverter without schemas, quicker where it writes: a value goes to its bytes without a tree in between.
 * What is unusual or wrong is left to that converter, and so is all reading.
 *
 * <p><b>Threads.</b> Any.
 */
final class PlainJson implements Converter {

    private static final byte[] NOTHING = {};

    private final JsonConverter inner;
    private final Lessons<KnownSchema> written = new Lessons<>();

    PlainJson(JsonConverter inner) {
        this.inner = inner;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        throw new IllegalStateException("it stands over a converter that has been configured");
    }

    @Override
    public ConfigDef config() {
        return inner.config();
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
        return inner.toConnectData(topic, value);
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        ValueWriter writer = schema == null ? PlainJson::write : writer(schema);
        if (writer == null || value == null) {
            return inner.fromConnectData(topic, schema, value);
        }
        try {
            return JsonEnvelopes.bytes(NOTHING, writer, value, NOTHING);
        } catch (IOException | RuntimeException e) {
            // Unusual, or wrong: Kafka's converter tells.
            return inner.fromConnectData(topic, schema, value);
        }
    }

    private @Nullable ValueWriter writer(Schema schema) {
        KnownSchema known = written.find(each -> each.is(schema));
        if (known == null && schema instanceof ConnectSchema && written.wanted()) {
            known = new KnownSchema(schema, NOTHING);
            written.add(known);
        }
        return known == null ? null : known.writer();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case String text -> out.writeString(text);
            case Long number -> out.writeNumber(number);
            case Integer number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Boolean truth -> out.writeBoolean(truth);
            case Float number -> out.writeNumber(number);
            case Short number -> out.writeNumber(number);
            case Byte number -> out.writeNumber(number);
            case byte[] bytes -> out.writeBinary(bytes);
            case List<?> list -> writeList(out, list);
            case Map<?, ?> map -> writeMap(out, map);
            default -> throw new Unusual();
        }
    }

    private static void writeList(JsonGenerator out, List<?> list) throws IOException {
        out.writeStartArray();
        for (Object element : list) {
            write(out, element);
        }
        out.writeEndArray();
    }

    /** One with other keys than texts is written as a list of pairs, which is unusual. */
    private static void writeMap(JsonGenerator out, Map<?, ?> map) throws IOException {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new Unusual();
            }
            out.writeFieldName(key);
            write(out, entry.getValue());
        }
        out.writeEndObject();
    }

    @Override
    public void close() {
        inner.close();
    }
}
