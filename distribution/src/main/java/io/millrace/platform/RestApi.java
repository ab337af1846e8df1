package io.millrace.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the runtime's REST interface, ours or Kafka Connect's. A refusal, and nobody there, is a {@link
 * UserError} with the server's own words.
 */
public final class RestApi implements AutoCloseable {

    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(150);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIME_MAX).build();
    private final String base;

    /** @param base as in {@code http://localhost:8083} */
    public RestApi(String base) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    public JsonNode get(String path) throws InterruptedException {
        return send("GET", path, null, Map.of());
    }

    public JsonNode put(String path, Object body) throws InterruptedException {
        return send("PUT", path, body, Map.of());
    }

    public JsonNode post(String path, Object body) throws InterruptedException {
        return send("POST", path, body, Map.of());
    }

    public JsonNode delete(String path) throws InterruptedException {
        return send("DELETE", path, null, Map.of());
    }

    /**
     * Makes a connector, or gives it another config.
     *
     * @param by what does so, for the history of its config
     */
    public void apply(ConnectorFile connector, String by) throws InterruptedException {
        String path = connector(connector.name(), "/config");
        var _ = send("PUT", path, connector.config(), Map.of("Millrace-Applied-By", by));
    }

    /** The path of a connector and something below it, with the name made safe for a URL. */
    public static String connector(String name, String below) {
        return "/connectors/" + encoded(name) + below;
    }

    /** The path of a connector as a flow of records. */
    public static String pipeline(String name) {
        return "/v1/pipelines/" + encoded(name);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode send(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws InterruptedException {
        try {
            HttpRequest.BodyPublisher publisher = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body));
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(ANSWER_TIME_MAX)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .method(method, publisher);
            headers.forEach(request::header);
            return answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (JsonProcessingException e) {
            throw new UserError(base + path + " did not answer in JSON; is this the REST address of a runtime?", e);
        } catch (HttpTimeoutException e) {
            throw new UserError(base + path + " did not answer in time; what was asked of it may still be done", e);
        } catch (IOException e) {
            throw new UserError(
                    "no connect runtime answers at " + base
                            + ": start one with `millrace server`, or name another by --rest",
                    e);
        }
    }

    private JsonNode answer(HttpResponse<String> response) throws JsonProcessingException {
        String text = response.body();
        if (response.statusCode() >= 400) {
            throw new UserError(refusal(response.statusCode(), text));
        }
        return text.isBlank() ? MissingNode.getInstance() : json.readTree(text);
    }

    private String refusal(int status, String text) {
        try {
            return json.readTree(text).path("message").asText("status " + status);
        } catch (JsonProcessingException e) {
            return "status " + status + ": " + text;
        }
    }
}
