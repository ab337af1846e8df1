package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.OffsetService;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How far connectors have come (KIP-875). */
final class OffsetRoutes {

    private final Supplier<Services> services;

    OffsetRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/connectors/{name}/offsets", this::get)
                .on(Method.PATCH, "/connectors/{name}/offsets", this::alter)
                .on(Method.DELETE, "/connectors/{name}/offsets", this::reset);
    }

    private OffsetService offsets() {
        return services.get().offsets();
    }

    private void get(ServerRequest request, ServerResponse response) {
        List<Object> offsets = new ArrayList<>();
        for (OffsetService.Position position : offsets().get(ConnectorRoutes.name(request))) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("partition", position.partition());
            entry.put("offset", position.offset());
            offsets.add(entry);
        }
        Json.send(response, Status.OK_200, Map.of("offsets", offsets));
    }

    private void alter(ServerRequest request, ServerResponse response) {
        List<OffsetService.Position> positions = new ArrayList<>();
        JsonNode offsets = Json.object(request).path("offsets");
        if (!offsets.isArray() && !offsets.isMissingNode() && !offsets.isNull()) {
            throw new RequestRefused(Reason.INVALID, "\"offsets\" must be a list of partitions with their offsets");
        }
        for (JsonNode entry : offsets) {
            JsonNode offset = entry.path("offset");
            positions.add(new OffsetService.Position(
                    Json.map(entry.path("partition")),
                    offset.isNull() || offset.isMissingNode() ? null : Json.map(offset)));
        }
        boolean tookPart = offsets().alter(ConnectorRoutes.name(request), positions);
        sendDone(response, "altered", tookPart);
    }

    private void reset(ServerRequest request, ServerResponse response) {
        boolean tookPart = offsets().reset(ConnectorRoutes.name(request));
        sendDone(response, "reset", tookPart);
    }

    private static void sendDone(ServerResponse response, String what, boolean tookPart) {
        String message = tookPart
                ? "The offsets for this connector have been %s successfully".formatted(what)
                : ("The Connect framework-managed offsets for this connector have been %s successfully. "
                                + "However, if this connector manages offsets externally, they will need to be "
                                + "manually %s in the system that the connector uses.")
                        .formatted(what, what);
        Json.send(response, Status.OK_200, Map.of("message", message));
    }
}
