package io.millrace.connect.rest;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The routes as they are added, so that a path that is there tells which verbs it takes. */
final class Routes {

    /** What is said of a path that is not there. */
    static final String NOT_FOUND = "HTTP 404 Not Found";

    private final HttpRouting.Builder routing;
    private final Map<Paths, Set<String>> verbs = new LinkedHashMap<>();
    private final Set<String> added = new TreeSet<>();

    Routes(HttpRouting.Builder routing) {
        this.routing = routing;
    }

    /** Adds a route, which answers HEAD where it answers GET; a part of the template in braces stands for anything. */
    Routes on(Method verb, String template, Handler handler) {
        Paths path = Paths.of(template);
        routing.route(verb, path, handler);
        Set<String> taken = verbs.computeIfAbsent(path, same -> new TreeSet<>(List.of(Method.OPTIONS.text())));
        taken.add(verb.text());
        added.add(verb.text() + " " + template);
        if (verb.equals(Method.GET)) {
            routing.route(Method.HEAD, path, handler);
            taken.add(Method.HEAD.text());
        }
        return this;
    }

    /** Verb and template of every route that was added. */
    Set<String> added() {
        return Set.copyOf(added);
    }

    /** Answers what no route did. Comes last. */
    void refuseTheRest() {
        routing.any(this::refuse);
    }

    private void refuse(ServerRequest request, ServerResponse response) {
        Set<String> allowed = new TreeSet<>();
        verbs.forEach((path, taken) -> {
            if (path.match(request.path().absolute()).accepted()) {
                allowed.addAll(taken);
            }
        });
        if (allowed.isEmpty()) {
            Json.error(response, Status.NOT_FOUND_404, NOT_FOUND);
            return;
        }
        response.header(HeaderNames.ALLOW, String.join(", ", allowed));
        if (request.prologue().method().equals(Method.OPTIONS)) {
            response.status(Status.OK_200).send();
        } else {
            Json.error(response, Status.METHOD_NOT_ALLOWED_405, "HTTP 405 Method Not Allowed");
        }
    }
}
