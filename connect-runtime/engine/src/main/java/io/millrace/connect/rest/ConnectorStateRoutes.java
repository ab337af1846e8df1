package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.cluster.StatusView;
import io.millrace.connect.cluster.TargetState;
import java.util.Map;
import java.util.function.Supplier;

/** How connectors are, and what they should be doing. */
final class ConnectorStateRoutes {

    private final Supplier<Services> services;

    ConnectorStateRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/connectors/{name}/status", this::status)
                .on(
                        Method.PUT,
                        "/connectors/{name}/pause",
                        (request, response) -> target(request, response, TargetState.PAUSED))
                .on(
                        Method.PUT,
                        "/connectors/{name}/resume",
                        (request, response) -> target(request, response, TargetState.STARTED))
                .on(Method.PUT, "/connectors/{name}/stop", this::stop)
                .on(Method.POST, "/connectors/{name}/restart", this::restart)
                .on(Method.GET, "/connectors/{name}/tasks/{task}/status", this::taskStatus)
                .on(Method.POST, "/connectors/{name}/tasks/{task}/restart", this::restartTask)
                .on(Method.GET, "/connectors/{name}/topics", this::topics)
                .on(Method.PUT, "/connectors/{name}/topics/reset", this::resetTopics);
    }

    private ConnectorService connectors() {
        return services.get().connectors();
    }

    private void status(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, Bodies.status(connectors().status(ConnectorRoutes.name(request))));
    }

    private void target(ServerRequest request, ServerResponse response, TargetState target) {
        connectors().setTarget(ConnectorRoutes.name(request), target);
        response.status(Status.ACCEPTED_202).send();
    }

    private void stop(ServerRequest request, ServerResponse response) {
        connectors().setTarget(ConnectorRoutes.name(request), TargetState.STOPPED);
        response.status(Status.NO_CONTENT_204).send();
    }

    /** The form without parameters makes the connector anew and answers nothing (KIP-745). */
    private void restart(ServerRequest request, ServerResponse response) {
        boolean includeTasks = flag(request, "includeTasks");
        boolean onlyFailed = flag(request, "onlyFailed");
        StatusView status = connectors().restart(ConnectorRoutes.name(request), includeTasks, onlyFailed);
        if (includeTasks || onlyFailed) {
            Json.send(response, Status.ACCEPTED_202, Bodies.status(status));
        } else {
            response.status(Status.NO_CONTENT_204).send();
        }
    }

    private static boolean flag(ServerRequest request, String name) {
        return request.query().first(name).map(Boolean::parseBoolean).orElse(false);
    }

    private void taskStatus(ServerRequest request, ServerResponse response) {
        int task = task(request);
        StatusView status = connectors().taskStatus(ConnectorRoutes.name(request), task);
        Json.send(response, Status.OK_200, Bodies.part(status.tasks().get(task), status.version()));
    }

    private void restartTask(ServerRequest request, ServerResponse response) {
        connectors().restartTask(ConnectorRoutes.name(request), task(request));
        response.status(Status.NO_CONTENT_204).send();
    }

    private static int task(ServerRequest request) {
        String text = Paths.part(request, 3);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new RequestRefused(Reason.NOT_FOUND, Routes.NOT_FOUND);
        }
    }

    private void topics(ServerRequest request, ServerResponse response) {
        String name = ConnectorRoutes.name(request);
        Json.send(
                response,
                Status.OK_200,
                Map.of(name, Map.of("topics", connectors().topics(name))));
    }

    private void resetTopics(ServerRequest request, ServerResponse response) {
        connectors().resetTopics(ConnectorRoutes.name(request));
        response.status(Status.ACCEPTED_202).send();
    }
}
