package io.millrace.bench.connect;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The REST interface of a worker on this machine: the few calls that both platforms have in common. */
final class Rest implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    Rest(int port) {
        this.port = port;
    }

    /** Whether the worker is up and can run what the text names; false also while nobody listens. */
    boolean offers(String pluginClass) throws IOException, InterruptedException {
        try {
            HttpResponse<String> answer = send(request("/connector-plugins").GET());
            return answer.statusCode() == OK && answer.body().contains(pluginClass);
        } catch (ConnectException e) {
            return false;
        }
    }

    void put(String connector, Map<String, String> config) throws IOException, InterruptedException {
        require(send(request("/connectors/" + connector + "/config")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(config)))));
    }

    void delete(String connector) throws IOException, InterruptedException {
        require(send(request("/connectors/" + connector).DELETE()));
    }

    /** As the worker describes it. */
    String status(String connector) throws IOException, InterruptedException {
        return send(request("/connectors/" + connector + "/status").GET()).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void require(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() < OK || answer.statusCode() >= MULTIPLE_CHOICES) {
            throw new IOException("%s %s was answered %d: %s"
                    .formatted(answer.request().method(), answer.uri(), answer.statusCode(), answer.body()));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
