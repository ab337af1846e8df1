package io.millrace.connect.record.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's JsonConverter with schemas, quicker: it puts the schema beside each value, and reads and writes both anew for
 * each record. Here a schema that has come before is recognised, by its bytes or by its object, and only the value is
 * read or written:
 *
 * <pre>
 * {"schema":{"type":"struct","fields":[...]},"payload":{"id":1,"name":"Ada"}}
 * |------------- known from before --------------------|-- read or written --|
 * </pre>
 *
 * <p>What comes out is the same. Whatever is unusual (fields in another order, defaults, types that do not fit, all
 * that is wrong) is given to Kafka's converter, which then also says what is wrong.
 *
 * <p><b>Threads.</b> Any.
 */
public final class JsonEnvelopes implements Converter {

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] END = {'}'};
    private static final int PAYLOAD_BYTES = 512;

    private final JsonConverter inner;
    private final Lessons<KnownSchema> read = new Lessons<>();
    private final Lessons<KnownSchema> written = new Lessons<>();

    private JsonEnvelopes(JsonConverter inner) {
        this.inner = inner;
    }

    /**
     * The converter itself, or a quicker one that does the same.
     *
     * @param config the converter's own keys, without the prefix
     */
    public static Converter quicker(Converter converter, Map<String, String> config) {
        boolean kafkas = converter.getClass() == JsonConverter.class;
        boolean schemas = !"false"
                .equalsIgnoreCase(config.getOrDefault(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG, "true")
                        .strip());
        boolean plain = !config.containsKey(JsonConverterConfig.SCHEMA_CONTENT_CONFIG)
                && !config.containsKey(JsonConverterConfig.DECIMAL_FORMAT_CONFIG);
        if (!kafkas || !plain) {
            return converter;
        }
        JsonConverter inner = (JsonConverter) converter;
        return schemas ? new JsonEnvelopes(inner) : new PlainJson(inner);
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
        if (value == null) {
            return inner.toConnectData(topic, null);
        }
        KnownSchema known = read.find(each -> each.begins(value));
        if (known == null) {
            SchemaAndValue whole = inner.toConnectData(topic, value);
            learn(read, whole.schema(), value);
            return whole;
        }
        ValueReader reader = known.reader();
        if (reader == null || value[value.length - 1] != '}') {
            return inner.toConnectData(topic, value);
        }
        int begin = known.prefix().length;
        try (JsonParser in = JSON.createParser(value, begin, value.length - 1 - begin)) {
            in.nextToken();
            Object payload = reader.read(in);
            if (payload != null && in.nextToken() == null) {
                return new SchemaAndValue(known.schema(), payload);
            }
        } catch (IOException | RuntimeException e) {
            // Unusual, or wrong: Kafka's converter tells.
            return inner.toConnectData(topic, value);
        }
        return inner.toConnectData(topic, value);
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema == null || value == null) {
            return inner.fromConnectData(topic, schema, value);
        }
        KnownSchema known = written.find(each -> each.is(schema));
        if (known == null) {
            byte[] whole = inner.fromConnectData(topic, schema, value);
            learn(written, schema, whole);
            return whole;
        }
        ValueWriter writer = known.writer();
        if (writer == null) {
            return inner.fromConnectData(topic, schema, value);
        }
        try {
            return bytes(known.prefix(), writer, value, END);
        } catch (IOException | RuntimeException e) {
            // Unusual, or wrong: Kafka's converter tells.
            return inner.fromConnectData(topic, schema, value);
        }
    }

    /** What the writer makes of the value, with other bytes before and after. */
    static byte[] bytes(byte[] before, ValueWriter writer, Object value, byte[] after) throws IOException {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(before.length + PAYLOAD_BYTES)) {
            bytes.write(before, 0, before.length);
            try (JsonGenerator out = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
                writer.write(out, value);
            }
            bytes.write(after, 0, after.length);
            return bytes.toByteArray();
        }
    }

    private static void learn(Lessons<KnownSchema> lessons, @Nullable Schema schema, byte[] envelope) {
        // Of a builder, which may still change, nothing is learned.
        if (!(schema instanceof ConnectSchema) || !lessons.wanted()) {
            return;
        }
        int payloadAt = payloadAt(envelope);
        if (payloadAt > 0) {
            lessons.add(new KnownSchema(schema, Arrays.copyOf(envelope, payloadAt)));
        }
    }

    /** Where the payload begins in an envelope that has the schema before it and nothing besides; -1 in any other. */
    private static int payloadAt(byte[] envelope) {
        try (JsonParser in = JSON.createParser(envelope)) {
            if (in.nextToken() == JsonToken.START_OBJECT && "schema".equals(in.nextFieldName())) {
                in.nextToken();
                in.skipChildren();
                if ("payload".equals(in.nextFieldName()) && in.nextToken() != null) {
                    return (int) in.currentTokenLocation().getByteOffset();
                }
            }
        } catch (IOException e) {
            // Kafka's converter has read it, or written it; whatever this is, nothing is learned from it.
            return -1;
        }
        return -1;
    }

    @Override
    public void close() {
        inner.close();
    }
}
