package io.millrace.connect.rest;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What is logged in how much detail, changed while the worker runs (KIP-495, KIP-976). A level counts for everything
 * below the name, and until the worker ends.
 */
final class LoggerRoutes {

    private static final Set<String> LEVELS = Set.of("OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private final Map<String, Long> lastModifiedMs = new ConcurrentHashMap<>();

    void route(Routes routes) {
        routes.on(Method.GET, "/admin/loggers", this::list)
                .on(Method.GET, "/admin/loggers/{name}", this::get)
                .on(Method.PUT, "/admin/loggers/{name}", this::set);
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new RequestRefused(
                Reason.NOT_FOUND, "This worker does not log through logback, levels are set elsewhere");
    }

    private void list(ServerRequest request, ServerResponse response) {
        Map<String, Object> levels = new TreeMap<>();
        for (Logger logger : context().getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(shownName(logger), view(logger));
            }
        }
        Json.send(response, Status.OK_200, levels);
    }

    private static String name(ServerRequest request) {
        String name = Paths.part(request, 2);
        return name.equals("root") ? Logger.ROOT_LOGGER_NAME : name;
    }

    private static String shownName(Logger logger) {
        return logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? "root" : logger.getName();
    }

    private Map<String, @Nullable Object> view(Logger logger) {
        Map<String, @Nullable Object> view = new TreeMap<>();
        view.put("level", logger.getEffectiveLevel().toString());
        view.put("last_modified", lastModifiedMs.get(shownName(logger)));
        return view;
    }

    private void get(ServerRequest request, ServerResponse response) {
        String name = name(request);
        Logger logger = context().exists(name);
        if (logger == null) {
            throw new RequestRefused(Reason.NOT_FOUND, "Logger %s not found.".formatted(name));
        }
        Json.send(response, Status.OK_200, view(logger));
    }

    private void set(ServerRequest request, ServerResponse response) {
        JsonNode wanted = Json.object(request).path("level");
        if (!wanted.isTextual()) {
            throw new RequestRefused(Reason.INVALID, "Desired 'level' parameter was not specified in request.");
        }
        String level = wanted.asText().toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw new RequestRefused(
                    Reason.NOT_FOUND, "invalid log level '%s', one of %s is wanted".formatted(level, LEVELS));
        }
        List<String> changed = set(name(request), Level.toLevel(level, Level.ERROR));
        if (request.query().first("scope").map("cluster"::equalsIgnoreCase).orElse(false)) {
            response.status(Status.NO_CONTENT_204).send();
        } else {
            Json.send(response, Status.OK_200, changed);
        }
    }

    /** Sets the level of a logger and of all below it that have one of their own. Returns those that had another. */
    private List<String> set(String name, Level level) {
        LoggerContext context = context();
        boolean isNew = context.exists(name) == null;
        Logger logger = context.getLogger(name);
        List<Logger> below = context.getLoggerList().stream()
                .filter(each -> isAtOrBelow(each, logger))
                .toList();
        List<Logger> changed = below.stream()
                .filter(each ->
                        (isNew && each == logger) || !each.getEffectiveLevel().equals(level))
                .toList();
        logger.setLevel(level);
        for (Logger each : below) {
            if (each != logger && each.getLevel() != null) {
                each.setLevel(level);
            }
        }
        changed.forEach(each -> lastModifiedMs.put(shownName(each), System.currentTimeMillis()));
        return changed.stream().map(LoggerRoutes::shownName).sorted().toList();
    }

    private static boolean isAtOrBelow(Logger logger, Logger top) {
        return logger == top
                || top.getName().equals(Logger.ROOT_LOGGER_NAME)
                || logger.getName().startsWith(top.getName() + ".");
    }
}
