package io.millrace.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.preview.Preview;
import io.millrace.connect.preview.PreviewRequest;
import io.millrace.connect.record.ConnectJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What connectors would do. */
final class PreviewRoutes {

    private static final String RECORDS = "records";
    private static final String SECONDS = "seconds";

    private final Supplier<Services> services;

    PreviewRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.POST, "/v1/preview", this::preview);
    }

    private void preview(ServerRequest request, ServerResponse response) {
        JsonNode body = Json.object(request);
        Json.requireOnly(body, List.of("name", "config", RECORDS, SECONDS));
        Map<String, String> config = Json.config(body.path("config"));
        String given = body.path("name").asText();
        String name = given.isEmpty() ? config.getOrDefault(ConnectorKeys.NAME, "preview") : given;
        int records = number(body, RECORDS, PreviewRequest.RECORDS_DEFAULT);
        int seconds = number(body, SECONDS, PreviewRequest.SECONDS_DEFAULT);
        PreviewRequest wanted = new PreviewRequest(name, config, records, Duration.ofSeconds(seconds));
        Json.send(response, Status.OK_200, body(name, services.get().previews().run(wanted)));
    }

    private static int number(JsonNode body, String key, int otherwise) {
        JsonNode number = body.path(key);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isIntegralNumber() || !number.canConvertToInt()) {
            throw new RequestRefused(Reason.INVALID, "\"%s\" must be a whole number".formatted(key));
        }
        return number.intValue();
    }

    private static Map<String, Object> body(String name, Preview preview) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("type", preview.type().restName());
        body.put("ended", preview.ended());
        body.put("error", error(preview.failure()));
        body.put("changed", preview.changed());
        body.put("topics", preview.topics().stream().map(PreviewRoutes::topic).toList());
        body.put("schemas", preview.schemas());
        body.put("records", preview.records().stream().map(PreviewRoutes::item).toList());
        return body;
    }

    private static @Nullable Map<String, Object> error(Preview.@Nullable Failure failure) {
        if (failure == null) {
            return null;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("during", failure.during());
        body.put("message", failure.message());
        return body;
    }

    private static Map<String, Object> topic(Preview.Topic topic) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", topic.name());
        body.put("exists", topic.partitions() != null);
        body.put("partitions", topic.partitions());
        return body;
    }

    private static Map<String, Object> item(Preview.Item item) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("outcome", item.outcome());
        body.put("from", item.from());
        Preview.RecordError error = item.error();
        if (error != null) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("stage", error.stage());
            shown.put("class", error.executing());
            shown.put("exception", error.exception());
            shown.put("message", error.message());
            body.put("error", shown);
        }
        Preview.Delivered record = item.record();
        if (record != null) {
            body.put("record", record(record));
        }
        return body;
    }

    private static Map<String, Object> record(Preview.Delivered record) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("topic", record.topic());
        body.put("partition", record.partition());
        body.put("timestamp", record.timestampMs());
        body.put("key", part(record.key()));
        body.put("value", part(record.value()));
        body.put("headers", record.headers().stream().map(PreviewRoutes::header).toList());
        return body;
    }

    private static Map<String, Object> header(Preview.Header header) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", header.name());
        body.putAll(part(header.part()));
        return body;
    }

    private static Map<String, Object> part(Preview.Part part) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("schema", part.schema());
        body.put("data", part.data());
        body.put("written", bytes(part.written()));
        return body;
    }

    /** Bytes of a record, as what they seem to be. */
    static @Nullable Map<String, Object> bytes(ConnectJson.@Nullable Bytes bytes) {
        if (bytes == null) {
            return null;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("encoding", bytes.encoding());
        body.put("content", bytes.content());
        body.put("size", bytes.size());
        return body;
    }
}
