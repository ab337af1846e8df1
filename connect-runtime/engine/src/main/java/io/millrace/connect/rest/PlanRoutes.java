package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.ConfigPlan;
import io.millrace.connect.plugin.ConnectorSettings.TopicGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What a config would change. */
final class PlanRoutes {

    private final Supplier<Services> services;

    PlanRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.PUT, "/v1/connectors/{name}/plan", this::plan);
    }

    private void plan(ServerRequest request, ServerResponse response) {
        String name = Paths.part(request, 2);
        ConfigPlan plan = services.get().plans().plan(name, Json.config(Json.object(request)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connector", name);
        body.put("created", plan.created());
        Map<String, Object> changes = new LinkedHashMap<>();
        plan.changes().forEach((key, change) -> changes.put(key, body(change)));
        body.put("changes", changes);
        body.put("restarted_tasks", plan.restarted());
        body.put("topics_made", plan.topics().made());
        body.put("topics_missing", plan.topics().missing());
        body.put(
                "topic_groups",
                plan.topics().groups().stream().map(PlanRoutes::body).toList());
        body.put("errors", plan.errors());
        body.put("warnings", plan.warnings());
        Json.send(response, Status.OK_200, body);
    }

    private static Map<String, Object> body(ConfigPlan.Change change) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", change.from());
        body.put("to", change.to());
        return body;
    }

    private static Map<String, Object> body(TopicGroup group) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("include", group.include());
        body.put("exclude", group.exclude());
        body.put("partitions", group.partitions());
        body.put("replication_factor", group.replicationFactor());
        body.put("configs", group.configs());
        return body;
    }
}
