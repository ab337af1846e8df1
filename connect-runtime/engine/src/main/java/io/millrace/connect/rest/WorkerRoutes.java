package io.millrace.connect.rest;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the worker says of itself. */
final class WorkerRoutes {

    private static final String DOCUMENT = "openapi.json";

    private final Supplier<@Nullable Services> services;

    WorkerRoutes(Supplier<@Nullable Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/", this::identity)
                .on(Method.GET, "/health", this::health)
                .on(Method.GET, "/openapi.json", WorkerRoutes::document);
    }

    /** The description of this interface, in OpenAPI 3.1. A test holds it against the routes. */
    private static void document(ServerRequest request, ServerResponse response) {
        try (InputStream document = WorkerRoutes.class.getResourceAsStream(DOCUMENT)) {
            if (document == null) {
                throw new IllegalStateException("the document of the interface was not packed: " + DOCUMENT);
            }
            response.status(Status.OK_200)
                    .header(HeaderNames.CONTENT_TYPE, "application/json")
                    .send(document.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the document of the interface cannot be read", e);
        }
    }

    private void identity(ServerRequest request, ServerResponse response) {
        Services ready = services.get();
        Map<String, String> body = new LinkedHashMap<>();
        if (ready != null) {
            body.put("version", ready.identity().version());
            body.put("commit", ready.identity().commit());
            body.put("kafka_cluster_id", ready.identity().clusterId());
        }
        Json.send(response, Status.OK_200, body);
    }

    /** KIP-1017. */
    private void health(ServerRequest request, ServerResponse response) {
        boolean ready = services.get() != null;
        Map<String, String> body = new LinkedHashMap<>();
        body.put("status", ready ? "healthy" : "starting");
        body.put(
                "message",
                ready
                        ? "Worker has completed startup and is ready to handle requests."
                        : "Worker is still starting up.");
        Json.send(response, ready ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503, body);
    }
}
