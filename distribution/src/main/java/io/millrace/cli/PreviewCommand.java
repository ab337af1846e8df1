package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.ConnectorFile;
import io.millrace.platform.RestApi;
import io.millrace.platform.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a connector would do. */
@Command(
        name = "preview",
        description = "What a connector would write, or be given, after its transforms. Nothing is stored.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace connector preview configs/faker-shop.json",
            "  millrace connector preview warehouse.json --records 100 --seconds 30 --json"
        })
final class PreviewCommand implements Callable<Integer> {

    private static final int CELL_MAX = 80;

    @Mixin
    private RestAddress rest = new RestAddress();

    @Parameters(paramLabel = "FILE", description = "JSON file of the connector")
    private Path file = Path.of("");

    @Option(names = "--name", paramLabel = "NAME", description = "which connector of the file (default: the first)")
    private @Nullable String name;

    @Option(
            names = {"-n", "--records"},
            paramLabel = "N",
            defaultValue = "10",
            description = "end after N records, at most 1000 (default: ${DEFAULT-VALUE})")
    private int records = 10;

    @Option(
            names = {"-t", "--seconds"},
            paramLabel = "T",
            defaultValue = "10",
            description = "end after T seconds, at most 60 (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Option(names = "--json", description = "the whole answer as JSON, with every value in full")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        ConnectorFile connector = connector();
        JsonNode preview;
        try (RestApi api = rest.open()) {
            preview = api.post(
                    "/v1/preview",
                    Map.of(
                            "name",
                            connector.name(),
                            "config",
                            connector.config(),
                            "records",
                            records,
                            "seconds",
                            seconds));
        }
        if (json) {
            System.out.println(preview.toPrettyString());
        } else {
            print(preview);
        }
        return preview.path("error").isObject() ? 1 : 0;
    }

    private ConnectorFile connector() {
        List<ConnectorFile> all = ConnectorFile.read(file);
        return all.stream()
                .filter(each -> name == null || name.equals(each.name()))
                .findFirst()
                .orElseThrow(() -> new UserError(file + " holds no connector " + (name == null ? "" : name)));
    }

    private static void print(JsonNode preview) {
        Table table = new Table("FROM", "OUTCOME", "TOPIC", "KEY", "VALUE");
        preview.path("records").forEach(item -> row(table, item));
        table.print(System.out);
        printTopics(preview);
        printSchemas(preview.path("schemas"));
        preview.path("changed")
                .properties()
                .forEach(key -> System.out.printf(
                        "only for the preview: %s=%s%n",
                        key.getKey(), key.getValue().asText()));
        System.out.println(ending(preview));
        JsonNode error = preview.path("error");
        if (error.isObject()) {
            System.out.printf(
                    "failed in %s: %s%n",
                    error.path("during").asText(), error.path("message").asText());
        }
    }

    private static void row(Table table, JsonNode item) {
        JsonNode record = item.path("record");
        JsonNode error = item.path("error");
        table.row(
                cut(from(item.path("from"))),
                item.path("outcome").asText(),
                record.path("topic").asText("-"),
                cut(part(record.path("key"))),
                error.isObject()
                        ? error.path("stage").asText() + ": "
                                + cut(error.path("message").asText())
                        : cut(part(record.path("value"))));
    }

    private static String from(JsonNode from) {
        return from.has("topic")
                ? "%s-%s@%s"
                        .formatted(
                                from.path("topic").asText(),
                                from.path("partition").asText(),
                                from.path("offset").asText())
                : from.path("offset").toString();
    }

    private static String part(JsonNode part) {
        JsonNode data = part.path("data");
        return data.isMissingNode() ? "-" : data.isTextual() ? data.asText() : data.toString();
    }

    static String cut(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= CELL_MAX ? line : line.substring(0, CELL_MAX - 3) + "...";
    }

    private static void printTopics(JsonNode preview) {
        for (JsonNode topic : preview.path("topics")) {
            boolean exists = topic.path("exists").asBoolean();
            String made = preview.path("type").asText().equals("source") ? "would be made" : "does not exist";
            System.out.printf(
                    "topic %s: %s%n",
                    topic.path("name").asText(),
                    exists ? topic.path("partitions").asText() + " partitions" : made);
        }
    }

    private static void printSchemas(JsonNode schemas) {
        for (JsonNode schema : schemas) {
            System.out.println("schema " + schema(schema));
        }
    }

    /** A schema in a line: {@code shop.Order {id: int64, note: string?}}. */
    private static String schema(JsonNode schema) {
        String type = schema.path("type").asText();
        String text = schema.hasNonNull("name") ? schema.path("name").asText() : type;
        if (type.equals("struct")) {
            text += schema.path("fields")
                    .valueStream()
                    .map(field -> field.path("field").asText() + ": " + schema(field))
                    .collect(Collectors.joining(", ", " {", "}"));
        } else if (type.equals("array")) {
            text += " of " + schema(schema.path("items"));
        } else if (type.equals("map")) {
            text += " of " + schema(schema.path("keys")) + " to " + schema(schema.path("values"));
        }
        return schema.path("optional").asBoolean() ? text + "?" : text;
    }

    private static String ending(JsonNode preview) {
        int count = preview.path("records").size();
        return switch (preview.path("ended").asText()) {
            case "RECORDS" -> count + " records, as many as wanted";
            case "TIME" -> count + " records when the time was up";
            case "END" -> count + " records, all there are";
            case "SIZE" -> count + " records, as large as an answer may be";
            default -> count + " records until it failed";
        };
    }
}
