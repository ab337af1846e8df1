package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.ConfigVersion;
import io.millrace.connect.cluster.OffsetService.Position;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Versions of connectors' configs. */
final class VersionRoutes {

    private static final String OFFSETS = "offsets";

    private final Supplier<Services> services;

    VersionRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/v1/connectors/{name}/versions", this::list)
                .on(Method.GET, "/v1/connectors/{name}/versions/{version}", this::get)
                .on(Method.POST, "/v1/connectors/{name}/versions/{version}/rollback", this::rollBack);
    }

    private static String name(ServerRequest request) {
        return Paths.part(request, 2);
    }

    private static int number(ServerRequest request) {
        String text = Paths.part(request, 4);
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new RequestRefused(Reason.INVALID, "\"%s\" is not the number of a version".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private void list(ServerRequest request, ServerResponse response) {
        String name = name(request);
        List<Map<String, Object>> versions = services.get().versions().list(name).stream()
                .map(VersionRoutes::body)
                .toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connector", name);
        body.put("versions", versions);
        Json.send(response, Status.OK_200, body);
    }

    private void get(ServerRequest request, ServerResponse response) {
        ConfigVersion version = services.get().versions().get(name(request), number(request));
        Json.send(response, Status.OK_200, body(version));
    }

    private void rollBack(ServerRequest request, ServerResponse response) {
        boolean withOffsets = request.content().hasEntity() && withOffsets(Json.object(request));
        Json.send(
                response,
                Status.OK_200,
                Bodies.info(services.get()
                        .versions()
                        .rollBack(name(request), number(request), withOffsets)
                        .connector()));
    }

    private static boolean withOffsets(JsonNode body) {
        Json.requireOnly(body, List.of(OFFSETS));
        JsonNode offsets = body.path(OFFSETS);
        if (!offsets.isMissingNode() && !offsets.isBoolean()) {
            throw new RequestRefused(Reason.INVALID, "\"%s\" must be true or false".formatted(OFFSETS));
        }
        return offsets.asBoolean();
    }

    private static Map<String, Object> body(ConfigVersion version) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", version.number());
        body.put("time", version.time().toString());
        body.put("by", version.by());
        body.put("config", version.config());
        ConfigVersion.Replaced replaced = version.replaced();
        if (replaced != null) {
            body.put("replaced", replaced.time().toString());
            body.put(
                    OFFSETS,
                    replaced.offsets().stream().map(VersionRoutes::position).toList());
        }
        return body;
    }

    private static Map<String, Object> position(Position position) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("partition", position.partition());
        body.put("offset", position.offset());
        return body;
    }
}
