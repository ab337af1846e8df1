package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.ConnectorView;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.cluster.TargetState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connectors and their configs. */
final class ConnectorRoutes {

    private static final HeaderName BY = HeaderNames.create("Millrace-Applied-By");
    private static final int BY_LENGTH_MAX = 200;

    private final Supplier<Services> services;

    ConnectorRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/connectors", this::list)
                .on(Method.POST, "/connectors", this::create)
                .on(Method.GET, "/connectors/{name}", this::get)
                .on(Method.DELETE, "/connectors/{name}", this::delete)
                .on(Method.GET, "/connectors/{name}/config", this::config)
                .on(Method.PUT, "/connectors/{name}/config", this::putConfig)
                .on(Method.PATCH, "/connectors/{name}/config", this::patchConfig)
                .on(Method.GET, "/connectors/{name}/tasks", this::tasks);
    }

    private ConnectorService connectors() {
        return services.get().connectors();
    }

    static String name(ServerRequest request) {
        return Paths.part(request, 1);
    }

    /** What changes a config: whoever asks may say so, as the command line does of its files. */
    private static String by(ServerRequest request) {
        String by = request.headers().first(BY).orElse("rest").strip();
        return by.substring(0, Math.min(by.length(), BY_LENGTH_MAX));
    }

    private void list(ServerRequest request, ServerResponse response) {
        Set<String> expand =
                Set.copyOf(request.query().contains("expand") ? request.query().all("expand") : List.of());
        if (expand.isEmpty()) {
            Json.send(response, Status.OK_200, connectors().names());
            return;
        }
        Map<String, Object> expanded = new LinkedHashMap<>();
        for (String name : connectors().names()) {
            Map<String, Object> views = expand(name, expand);
            if (views != null) {
                expanded.put(name, views);
            }
        }
        Json.send(response, Status.OK_200, expanded);
    }

    /** Null when the connector was deleted in the meantime. */
    private @Nullable Map<String, Object> expand(String name, Set<String> expand) {
        try {
            Map<String, Object> views = new LinkedHashMap<>();
            if (expand.contains("status")) {
                views.put("status", Bodies.status(connectors().status(name)));
            }
            if (expand.contains("info")) {
                views.put("info", Bodies.info(connectors().get(name)));
            }
            return views;
        } catch (RequestRefused e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private void create(ServerRequest request, ServerResponse response) {
        JsonNode body = Json.object(request);
        Json.requireOnly(body, List.of("name", "config", "initial_state"));
        JsonNode given = body.path("name");
        if (given.isContainerNode() || given.isNumber()) {
            throw new RequestRefused(Reason.INVALID, "The \"name\" of a connector is a text");
        }
        String name = given.isTextual() ? given.asText().strip() : "";
        Map<String, String> config = Json.config(body.path("config"));
        ConnectorView made = connectors().create(name, config, initialState(body), by(request));
        sendCreated(request, response, made);
    }

    private static @Nullable TargetState initialState(JsonNode body) {
        if (!body.hasNonNull("initial_state")) {
            return null;
        }
        String state = body.path("initial_state").asText();
        return TargetState.parse(state)
                .orElseThrow(() -> new RequestRefused(
                        Reason.INVALID,
                        "Unknown initial_state \"%s\": RUNNING, PAUSED or STOPPED is wanted".formatted(state)));
    }

    private static void sendCreated(ServerRequest request, ServerResponse response, ConnectorView made) {
        String path = URLEncoder.encode(made.name(), StandardCharsets.UTF_8).replace("+", "%20");
        String host = request.headers()
                .first(HeaderNames.HOST)
                .map(name -> "http://" + name)
                .orElse("");
        response.header(HeaderNames.LOCATION, host + "/connectors/" + path);
        Json.send(response, Status.CREATED_201, Bodies.info(made));
    }

    private void get(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, Bodies.info(connectors().get(name(request))));
    }

    private void delete(ServerRequest request, ServerResponse response) {
        connectors().delete(name(request));
        response.status(Status.NO_CONTENT_204).send();
    }

    private void config(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, connectors().get(name(request)).config());
    }

    private void putConfig(ServerRequest request, ServerResponse response) {
        ConnectorService.Stored stored =
                connectors().put(name(request), Json.config(Json.object(request)), by(request));
        if (stored.created()) {
            sendCreated(request, response, stored.connector());
        } else {
            Json.send(response, Status.OK_200, Bodies.info(stored.connector()));
        }
    }

    private void patchConfig(ServerRequest request, ServerResponse response) {
        ConnectorView patched = connectors().patch(name(request), Json.changes(Json.object(request)), by(request));
        Json.send(response, Status.OK_200, Bodies.info(patched));
    }

    private void tasks(ServerRequest request, ServerResponse response) {
        String name = name(request);
        List<Object> tasks = new ArrayList<>();
        for (Map<String, String> config : connectors().tasks(name)) {
            Map<String, Object> task = new LinkedHashMap<>();
            task.put("id", Bodies.taskId(name, tasks.size()));
            task.put("config", config);
            tasks.add(task);
        }
        Json.send(response, Status.OK_200, tasks);
    }
}
