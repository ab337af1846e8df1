package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.Replay;
import io.millrace.connect.cluster.ReplayService;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has sinks go on from elsewhere. */
final class ReplayRoutes {

    private static final String TO = "to";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";
    private static final String DRY_RUN = "dry_run";
    private static final Set<String> KEYS = Set.of(TO, TOPIC, PARTITION, DRY_RUN);
    private static final String BEGINNING = "beginning";

    private final Supplier<Services> services;

    ReplayRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.POST, "/v1/connectors/{name}/replay", this::replay);
    }

    private void replay(ServerRequest request, ServerResponse response) {
        JsonNode wanted = Json.object(request);
        wanted.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw invalid("Unknown key \"%s\": a replay has %s, %s, %s and %s"
                        .formatted(key, TO, TOPIC, PARTITION, DRY_RUN));
            }
        });
        Replay replay = new Replay(to(wanted.path(TO)), topic(wanted.path(TOPIC)), partition(wanted.path(PARTITION)));
        boolean dryRun = dryRun(wanted.path(DRY_RUN));
        ReplayService service = services.get().replays();
        String name = Paths.part(request, 2);
        Replay.Plan plan = dryRun ? service.plan(name, replay) : service.run(name, replay);
        Json.send(response, Status.OK_200, body(plan, dryRun));
    }

    private static Replay.To to(JsonNode to) {
        if (to.isIntegralNumber() && to.canConvertToLong() && to.longValue() >= 0) {
            return new Replay.To.Offset(to.longValue());
        }
        if (BEGINNING.equals(to.textValue())) {
            return new Replay.To.Beginning();
        }
        try {
            Instant time = Instant.parse(to.asText());
            return time.toEpochMilli() <= 0 ? new Replay.To.Beginning() : new Replay.To.At(time);
        } catch (DateTimeException | ArithmeticException e) {
            throw invalid("\"%s\" must be \"%s\", an offset such as 1200, or a time such as \"2026-03-01T09:00:00Z\""
                    .formatted(TO, BEGINNING));
        }
    }

    private static @Nullable String topic(JsonNode topic) {
        if (topic.isMissingNode()) {
            return null;
        }
        if (!topic.isTextual()) {
            throw invalid("\"%s\" must be the name of a topic".formatted(TOPIC));
        }
        return topic.textValue();
    }

    private static @Nullable Integer partition(JsonNode partition) {
        if (partition.isMissingNode()) {
            return null;
        }
        if (!partition.isIntegralNumber() || !partition.canConvertToInt() || partition.intValue() < 0) {
            throw invalid("\"%s\" must be the number of a partition".formatted(PARTITION));
        }
        return partition.intValue();
    }

    private static boolean dryRun(JsonNode dryRun) {
        if (!dryRun.isMissingNode() && !dryRun.isBoolean()) {
            throw invalid("\"%s\" must be true or false".formatted(DRY_RUN));
        }
        return dryRun.asBoolean();
    }

    private static RequestRefused invalid(String message) {
        return new RequestRefused(Reason.INVALID, message);
    }

    private static Map<String, Object> body(Replay.Plan plan, boolean dryRun) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connector", plan.connector());
        body.put(DRY_RUN, dryRun);
        body.put("records_again", plan.again());
        body.put("records_skipped", plan.skipped());
        List<Object> partitions =
                plan.moves().stream().map(ReplayRoutes::partition).toList();
        body.put("partitions", partitions);
        return body;
    }

    private static Object partition(Replay.Move move) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(TOPIC, move.partition().topic());
        body.put(PARTITION, move.partition().partition());
        body.put("from", move.from());
        body.put(TO, move.to());
        body.put("records_again", move.again());
        body.put("records_skipped", move.skipped());
        return body;
    }
}
