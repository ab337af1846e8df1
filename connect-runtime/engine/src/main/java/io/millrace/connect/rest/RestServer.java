package io.millrace.connect.rest;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST interface: Kafka Connect's paths, bodies and status codes, ours under {@code /v1}, and what a program adds.
 *
 * <p><b>Life cycle.</b> {@link #start} takes the address; until {@link #serve} only {@code /health} answers, and says
 * that the worker is starting; {@link #close()} ends it.
 *
 * <p><b>Threads.</b> Each request on a virtual thread of its own.
 */
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final long BODY_BYTES_MAX = 4 * 1024 * 1024;

    private final AtomicReference<@Nullable Services> services = new AtomicReference<>();
    private final WebServer server;
    private final String host;

    private RestServer(InetSocketAddress address, List<RestExtension> extensions) {
        this.host = address.getHostString();
        this.server = WebServer.builder()
                .address(address.getAddress())
                .port(address.getPort())
                .maxPayloadSize(BODY_BYTES_MAX)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(200))
                .directHandlers(refusalsOfTheServer())
                .routing(routing -> route(routing, extensions))
                .build()
                .start();
    }

    /** What the server refuses before any route sees it, such as a body over the limit, in our shape of errors. */
    private static DirectHandlers refusalsOfTheServer() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(
                    type,
                    (request, event, status, headers, message) -> DirectHandler.TransportResponse.builder()
                            .status(status)
                            .headers(headers)
                            .header(HeaderNames.CONTENT_TYPE, "application/json")
                            .keepAlive(event.keepAlive())
                            .entity(Json.errorBody(status, message))
                            .build());
        }
        return handlers.build();
    }

    /**
     * Takes the address.
     *
     * @param address port 0: any free port
     * @throws RuntimeException when the address is in use
     */
    public static RestServer start(InetSocketAddress address, List<RestExtension> extensions) {
        RestServer started = new RestServer(address, extensions);
        // The web server does not throw when its listener fails, and then has no port.
        if (started.server.port() < 0) {
            throw new IllegalStateException("cannot listen on " + address);
        }
        return started;
    }

    /** Answers from now on. */
    public void serve(Services ready) {
        services.set(ready);
    }

    /** Where the interface can be reached. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, server.port());
    }

    private void route(HttpRouting.Builder routing, List<RestExtension> extensions) {
        routing.addFilter(this::refuseWhileStarting)
                .error(RequestRefused.class, (request, response, e) -> refuse(response, e))
                .error(HttpException.class, (request, response, e) -> Json.error(response, e.status(), text(e)))
                .error(
                        Exception.class,
                        (request, response, e) ->
                                fail(request.prologue().uriPath().path(), response, e));
        Routes routes = new Routes(routing);
        new WorkerRoutes(services::get).route(routes);
        addAll(routes, this::ready);
        extensions.forEach(extension -> routing.register(extension.path(), extension.service()));
        routes.refuseTheRest();
    }

    /** Adds the routes that need a worker that is ready. */
    static void addAll(Routes routes, Supplier<Services> ready) {
        new ConnectorRoutes(ready).route(routes);
        new ConnectorStateRoutes(ready).route(routes);
        new OffsetRoutes(ready).route(routes);
        new ReplayRoutes(ready).route(routes);
        new PreviewRoutes(ready).route(routes);
        new PlanRoutes(ready).route(routes);
        new VersionRoutes(ready).route(routes);
        new LetterRoutes(ready).route(routes);
        new PluginRoutes(ready).route(routes);
        new PipelineRoutes(ready).route(routes);
        new ScheduleRoutes(ready).route(routes);
        new MetricsRoutes(ready).route(routes);
        new LoggerRoutes().route(routes);
    }

    private Services ready() {
        Services ready = services.get();
        if (ready == null) {
            throw new IllegalStateException("a request passed while the worker was starting");
        }
        return ready;
    }

    private void refuseWhileStarting(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (services.get() == null && !request.path().path().startsWith("/health")) {
            Json.error(response, Status.SERVICE_UNAVAILABLE_503, "The worker is starting, try again in a moment");
        } else {
            chain.proceed();
        }
    }

    private void refuse(ServerResponse response, RequestRefused refused) {
        Status status = switch (refused.reason()) {
            case NOT_FOUND -> Status.NOT_FOUND_404;
            case CONFLICT -> Status.CONFLICT_409;
            case INVALID -> Status.BAD_REQUEST_400;
            case FAILED -> Status.INTERNAL_SERVER_ERROR_500;
        };
        Json.error(response, status, shown(String.valueOf(refused.getMessage())));
    }

    private void fail(String path, ServerResponse response, Exception error) {
        LOG.atError().addKeyValue("path", path).setCause(error).log("a request failed");
        Json.error(response, Status.INTERNAL_SERVER_ERROR_500, shown(text(error)));
    }

    /** A message that may come from a plugin, without secrets. */
    private String shown(String message) {
        Services ready = services.get();
        return ready == null ? message : ready.connectors().shown(message);
    }

    private static String text(Exception error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        server.stop();
    }
}
