package io.millrace.connect.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is in records to people, as JSON: data and schemas as Kafka Connect's JsonConverter writes them, with
 * decimals as numbers, and bytes as what they seem to be.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class ConnectJson implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonConverter converter = new JsonConverter();

    /**
     * Bytes that are shown.
     *
     * @param encoding {@code json}: content is the JSON value that they are, an object or an array; {@code text}: their
     *     text; {@code base64}: neither
     * @param size how many bytes they are
     */
    public record Bytes(String encoding, JsonNode content, int size) {}

    public ConnectJson() {
        converter.configure(Map.of("schemas.enable", false, "decimal.format", "numeric"), false);
    }

    /** The data as JSON. What is no data of the Connect API, as schemaless records may hold, is shown as its text. */
    public JsonNode data(@Nullable Schema schema, @Nullable Object data) {
        if (data == null) {
            return NullNode.getInstance();
        }
        try {
            byte[] json = converter.fromConnectData("", schema, data);
            return json == null ? NullNode.getInstance() : MAPPER.readTree(json);
        } catch (DataException | ClassCastException | IOException e) {
            return TextNode.valueOf(data.toString());
        }
    }

    /** The schema, as the JsonConverter puts it beside the data. */
    public JsonNode schema(Schema schema) {
        return converter.asJsonSchema(schema);
    }

    /** The bytes as what they seem to be; null where there are none. */
    public static @Nullable Bytes bytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String text = text(bytes);
        if (text == null) {
            String coded = Base64.getEncoder().encodeToString(bytes);
            return new Bytes("base64", TextNode.valueOf(coded), bytes.length);
        }
        JsonNode json = tree(text);
        return json == null
                ? new Bytes("text", TextNode.valueOf(text), bytes.length)
                : new Bytes("json", json, bytes.length);
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean readable = text.chars().allMatch(each -> each >= ' ' || Character.isWhitespace(each));
            return readable ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable JsonNode tree(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return null;
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    @Override
    public void close() {
        converter.close();
    }
}
