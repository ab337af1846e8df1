package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the worker says of itself. */
final class WorkerRoutes {

    private final Supplier<@Nullable Services> services;

    WorkerRoutes(Supplier<@Nullable Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/", this::identity).on(Method.GET, "/health", this::health);
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
