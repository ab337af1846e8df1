package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.letters.Letter;
import io.millrace.connect.letters.LetterId;
import io.millrace.connect.letters.LetterReplay;
import io.millrace.connect.letters.LetterService;
import io.millrace.connect.letters.LetterText;
import io.millrace.connect.sink.LetterHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The dead letters of sinks. */
final class LetterRoutes {

    private static final String PATH = "/v1/connectors/{name}/dead-letters";
    private static final int LIMIT_DEFAULT = 50;
    private static final int LIMIT_MAX = 500;
    private static final String IDS = "ids";
    private static final String ALL = "all";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String DRY_RUN = "dry_run";

    private final Supplier<Services> services;

    LetterRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, PATH, this::list)
                .on(Method.POST, PATH + "/replay", this::replay)
                .on(Method.GET, PATH + "/{letter}", this::show);
    }

    private void list(ServerRequest request, ServerResponse response) {
        String name = Paths.part(request, 2);
        LetterId from = request.query().first(FROM).map(LetterId::parse).orElse(LetterId.FIRST);
        int limit = request.query().first("limit").map(LetterRoutes::limit).orElse(LIMIT_DEFAULT);
        boolean onlyOpen =
                request.query().first("state").map(LetterRoutes::isOpen).orElse(false);
        LetterService.Page page = services.get().letters().box().list(name, from, limit, onlyOpen);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connector", name);
        body.put("topic", page.topic());
        body.put("letters", page.letters().stream().map(LetterRoutes::letter).toList());
        LetterId next = page.next();
        body.put("next", next == null ? null : next.toString());
        Json.send(response, Status.OK_200, body);
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LIMIT_MAX) {
            throw invalid("\"limit\" must be a number from 1 to %d".formatted(LIMIT_MAX));
        }
        return limit;
    }

    private static boolean isOpen(String state) {
        return switch (state) {
            case "open" -> true;
            case ALL -> false;
            default -> throw invalid("\"state\" must be \"open\" or \"all\"");
        };
    }

    private static Map<String, Object> letter(Letter letter) {
        LetterHeaders told = letter.told();
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("topic", told.topic());
        origin.put("partition", known(told.partition()));
        origin.put("offset", known(told.offset()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", letter.id().toString());
        body.put("state", letter.state());
        body.put("attempts", told.attempts());
        body.put("timestamp", known(letter.timestampMs()));
        body.put("origin", origin);
        body.put("task", known(told.task()));
        body.put("stage", told.stage());
        body.put("class", told.executing());
        body.put("exception", told.exception());
        body.put("message", told.message());
        body.put("size", letter.size());
        return body;
    }

    private static @Nullable Long known(long value) {
        return value < 0 ? null : value;
    }

    private void show(ServerRequest request, ServerResponse response) {
        LetterService.Opened opened =
                services.get().letters().box().open(Paths.part(request, 2), LetterId.parse(Paths.part(request, 4)));
        Map<String, Object> body = letter(opened.letter());
        body.put("trace", opened.letter().told().stackTrace());
        body.put("key", part(opened.text().key()));
        body.put("value", part(opened.text().value()));
        body.put(
                "headers",
                opened.text().headers().stream().map(LetterRoutes::header).toList());
        Json.send(response, Status.OK_200, body);
    }

    private static Map<String, Object> header(LetterText.NamedPart header) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", header.name());
        body.putAll(part(header.part()));
        return body;
    }

    private static Map<String, Object> part(LetterText.Part part) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("data", part.data());
        body.put("schema", part.schema());
        body.put("bytes", PreviewRoutes.bytes(part.bytes()));
        body.put("error", part.error());
        return body;
    }

    private void replay(ServerRequest request, ServerResponse response) {
        JsonNode body = Json.object(request);
        Json.requireOnly(body, List.of(ALL, IDS, FROM, TO, DRY_RUN));
        LetterReplay.Selection selection = selection(body);
        JsonNode dry = body.path(DRY_RUN);
        if (!dry.isMissingNode() && !dry.isBoolean()) {
            throw invalid("\"%s\" must be true or false".formatted(DRY_RUN));
        }
        boolean dryRun = dry.asBoolean();
        String name = Paths.part(request, 2);
        LetterReplay replays = services.get().letters().replay();
        LetterReplay.Done done = dryRun ? replays.plan(name, selection) : replays.run(name, selection);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("connector", name);
        answer.put(DRY_RUN, dryRun);
        answer.put("replayed", done.replayed());
        answer.put("replayed_before", done.before());
        answer.put(
                "without_topic",
                done.homeless().stream().map(LetterId::toString).toList());
        Json.send(response, Status.OK_200, answer);
    }

    /** Exactly one of: all, some by their ids, or a range. */
    private static LetterReplay.Selection selection(JsonNode body) {
        boolean range = body.has(FROM) || body.has(TO);
        boolean all = body.path(ALL).asBoolean();
        int ways = (all ? 1 : 0) + (body.has(IDS) ? 1 : 0) + (range ? 1 : 0);
        if (ways != 1 || (body.has(ALL) && !body.path(ALL).isBoolean())) {
            throw invalid("A replay has one of \"%s\": true, \"%s\": [\"0-17\"], or \"%s\" and \"%s\""
                    .formatted(ALL, IDS, FROM, TO));
        }
        if (body.has(IDS)) {
            Set<LetterId> ids = ids(body.path(IDS));
            return new LetterReplay.Selection(new TreeSet<>(ids).first(), new TreeSet<>(ids).last(), ids);
        }
        LetterId from = body.has(FROM) ? LetterId.parse(body.path(FROM).asText()) : LetterId.FIRST;
        LetterId to = body.has(TO) ? LetterId.parse(body.path(TO).asText()) : null;
        return new LetterReplay.Selection(from, to, Set.of());
    }

    private static Set<LetterId> ids(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw invalid("\"%s\" must be a list of letters, as in [\"0-17\"]".formatted(IDS));
        }
        Set<LetterId> ids = new TreeSet<>();
        list.forEach(id -> ids.add(LetterId.parse(id.asText())));
        return ids;
    }

    private static RequestRefused invalid(String message) {
        return new RequestRefused(Reason.INVALID, message);
    }
}
