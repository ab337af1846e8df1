package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.PipelineView;
import io.millrace.connect.cluster.StatusView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Connectors as flows of records. */
final class PipelineRoutes {

    private final Supplier<Services> services;

    PipelineRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/v1/pipelines", this::all).on(Method.GET, "/v1/pipelines/{name}", this::one);
    }

    private void all(ServerRequest request, ServerResponse response) {
        List<Object> views = List.copyOf(services.get().pipelines().all().stream()
                .map(PipelineRoutes::body)
                .toList());
        Json.send(response, Status.OK_200, Map.of("pipelines", views));
    }

    private void one(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, body(services.get().pipelines().get(Paths.part(request, 2))));
    }

    private static Map<String, Object> body(PipelineView view) {
        StatusView status = view.status();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", status.name());
        body.put("type", status.type());
        body.put("state", status.connector().state());
        body.put("tasks", status.tasks().stream().map(PipelineRoutes::task).toList());
        body.put("topics", view.topics());
        body.put("records_in", view.flow().recordsIn());
        body.put("records_out", view.flow().recordsOut());
        body.put("log_bytes", view.flow().logBytes());
        body.put("records_per_second", view.flow().perSecond());
        PipelineView.Lag lag = view.lag();
        body.put("lag_records", lag == null ? null : lag.records());
        body.put("lag_seconds", lag == null ? null : lag.seconds());
        body.put("freshness_p50_ms", view.flow().freshnessP50Ms());
        body.put("freshness_p99_ms", view.flow().freshnessP99Ms());
        body.put("warnings", view.warnings());
        body.put("last_error", view.lastError());
        return body;
    }

    private static Map<String, Object> task(StatusView.Part task) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", task.id());
        body.put("state", task.state());
        return body;
    }
}
