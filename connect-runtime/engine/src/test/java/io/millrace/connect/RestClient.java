package io.millrace.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Calls the REST interface as a user's tool would. */
final class RestClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;

    /** An answer with its body, which is missing when there was none. */
    record Answer(int status, JsonNode body, HttpHeaders headers) {

        String message() {
            return body.path("message").asText();
        }

        String text(String field) {
            return body.path(field).asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    RestClient(InetSocketAddress address) {
        this.base = "http://%s:%d".formatted(address.getHostString(), address.getPort());
    }

    /** An address on the worker without the worker's own part. */
    String withoutAddress(String address) {
        return address.startsWith(base) ? address.substring(base.length()) : address;
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    Answer put(String path) {
        return send("PUT", path, "");
    }

    Answer put(String path, Map<String, ?> body) {
        return send("PUT", path, text(body));
    }

    Answer post(String path, Map<String, ?> body) {
        return send("POST", path, text(body));
    }

    Answer delete(String path) {
        return send("DELETE", path, "");
    }

    Answer create(String name, Map<String, String> config) {
        return post("/connectors", Map.of("name", name, "config", config));
    }

    Answer patch(String path, Map<String, ?> body) {
        return send("PATCH", path, text(body));
    }

    /** A name as one part of a path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body that is not JSON is a text. */
    private static JsonNode read(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            return TextNode.valueOf(body);
        }
    }

    static String text(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer send(String verb, String path, String body) {
        return send(verb, path, body, "application/json");
    }

    Answer send(String verb, String path, String body, String contentType) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .method(
                        verb,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", contentType)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), read(response.body()), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
