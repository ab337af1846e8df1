package io.millrace.connect.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of requests and answers. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    private Json() {}

    static void send(ServerResponse response, Status status, Object body) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(bytes(body));
    }

    static void error(ServerResponse response, Status status, String message) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(errorBody(status, message));
    }

    static byte[] errorBody(Status status, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", status.code());
        body.put("message", message);
        return bytes(body);
    }

    private static byte[] bytes(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as JSON", e);
        }
    }

    /** The body as a JSON object. */
    static JsonNode object(ServerRequest request) {
        JsonNode body = tree(request);
        if (!body.isObject()) {
            throw invalid("The body must be a JSON object");
        }
        return body;
    }

    private static JsonNode tree(ServerRequest request) {
        requireJson(request);
        if (!request.content().hasEntity()) {
            throw invalid("The request has no body: send a JSON object");
        }
        try (InputStream in = request.content().inputStream()) {
            return MAPPER.readTree(in);
        } catch (JsonProcessingException e) {
            throw invalid("The body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw invalid("The body could not be read: " + e.getMessage());
        }
    }

    /** A request that does not say what it brings is taken at its word: the parser decides. */
    private static void requireJson(ServerRequest request) {
        request.headers().contentType().ifPresent(type -> {
            if (!type.mediaType().equals(MediaTypes.APPLICATION_JSON)) {
                throw new HttpException(
                        "The body must be application/json, not "
                                + type.mediaType().text(),
                        Status.UNSUPPORTED_MEDIA_TYPE_415);
            }
        });
    }

    private static RequestRefused invalid(String message) {
        return new RequestRefused(Reason.INVALID, message);
    }

    /** Keys and values of a config; a number or a boolean stands for its text. */
    static Map<String, String> config(JsonNode object) {
        Map<String, String> config = new LinkedHashMap<>();
        changes(object).forEach((key, value) -> {
            if (value == null) {
                throw invalid("Null value configs are not supported, please remove the key \"" + key + "\"");
            }
            config.put(key, value);
        });
        return config;
    }

    /** Like {@link #config}, where null says that a key is to be removed. */
    static Map<String, @Nullable String> changes(JsonNode object) {
        if (!object.isObject()) {
            throw invalid("The config must be a JSON object");
        }
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isContainerNode()) {
                throw invalid("The value of \"" + entry.getKey() + "\" must be a text, a number or a boolean");
            }
            changes.put(entry.getKey(), value.isNull() ? null : value.asText());
        });
        return changes;
    }

    /** Refuses fields that no one reads: they are mistyped. */
    static void requireOnly(JsonNode object, List<String> known) {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw invalid("Unrecognized field \"%s\", known are %s".formatted(field, known));
            }
        });
    }

    /** A JSON object as a map; whole numbers are longs. */
    static Map<String, Object> map(JsonNode object) {
        if (!object.isObject()) {
            throw invalid("A JSON object is wanted in place of " + object.getNodeType());
        }
        Map<String, Object> map = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), MAPPER.convertValue(entry.getValue(), Object.class)));
        return map;
    }
}
