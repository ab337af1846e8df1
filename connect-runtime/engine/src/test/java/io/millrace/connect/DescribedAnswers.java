package io.millrace.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connect.rest.RestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The answers that the document of the REST interface has for a request. */
final class DescribedAnswers {

    private final JsonNode document;

    DescribedAnswers() {
        try (InputStream in = RestServer.class.getResourceAsStream("openapi.json")) {
            this.document = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Their statuses; of a path or a verb that is not there, those that all such requests get. */
    Set<String> answers(RestCall call) {
        String path = call.path().replaceFirst("\\?.*", "");
        for (Map.Entry<String, JsonNode> each : document.path("paths").properties()) {
            String template = each.getKey().replaceAll("\\{\\w+}", "[^/]+");
            String verb = call.verb().equals("HEAD") ? "GET" : call.verb();
            JsonNode operation = each.getValue().path(verb.toLowerCase(Locale.ROOT));
            if (path.matches(template + "/?") && !operation.isMissingNode()) {
                Set<String> statuses = new TreeSet<>();
                operation.path("responses").fieldNames().forEachRemaining(statuses::add);
                return statuses;
            }
        }
        return call.verb().equals("OPTIONS") ? Set.of("200") : Set.of("404", "405");
    }
}
