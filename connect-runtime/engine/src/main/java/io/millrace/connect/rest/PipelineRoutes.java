package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.PipelineView;
import io.millrace.connect.cluster.StatusView;
import io.millrace.connect.task.Condition;
import io.millrace.connect.task.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        List<Object> views = List.copyOf(
                services.get().pipelines().all().stream().map(this::body).toList());
        Json.send(response, Status.OK_200, Map.of("pipelines", views));
    }

    private void one(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, body(services.get().pipelines().get(Paths.part(request, 2))));
    }

    private Map<String, Object> body(PipelineView view) {
        StatusView status = view.status();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", status.name());
        body.put("type", status.type());
        body.putAll(condition(view.conditions().overall()));
        body.put("connector", condition(view.conditions().connector()));
        body.put("tasks", tasks(view.conditions().tasks()));
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
        body.put(
                "schedule",
                services.get()
                        .schedules()
                        .find(status.name())
                        .map(ScheduleRoutes::body)
                        .orElse(null));
        body.put("warnings", view.warnings());
        body.put("last_error", view.lastError());
        return body;
    }

    private static List<Object> tasks(List<Condition> conditions) {
        List<Object> tasks = new ArrayList<>();
        for (int id = 0; id < conditions.size(); id++) {
            Map<String, Object> task = new LinkedHashMap<>();
            task.put("id", id);
            task.putAll(condition(conditions.get(id)));
            tasks.add(task);
        }
        return tasks;
    }

    private static Map<String, Object> condition(Condition condition) {
        Map<String, Object> body = new LinkedHashMap<>();
        RunStatus.Retry retry = condition.retry();
        body.put("state", condition.state().name());
        body.put("reason", condition.reason());
        body.put("since", time(condition.sinceMs()));
        body.put("failures", retry == null ? 0 : retry.failures());
        body.put("next_try", retry == null ? null : time(retry.nextMs()));
        return body;
    }

    private static @Nullable String time(@Nullable Long milliseconds) {
        return milliseconds == null ? null : Instant.ofEpochMilli(milliseconds).toString();
    }
}
