package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.ConnectorFile;
import io.millrace.platform.RestApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Connectors of a runtime: see, create and steer them. */
@Command(
        name = "connector",
        description = "See, create and steer connectors.",
        mixinStandardHelpOptions = true,
        subcommands = {PreviewCommand.class, LettersCommand.class, ScheduleCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace connector preview configs/faker-shop.json",
            "  millrace connector apply configs/faker-shop.json",
            "  millrace connector plan configs/faker-shop.json",
            "  millrace connector status",
            "  millrace connector pause shop-faker",
            "  millrace connector replay warehouse --to 2026-03-01T09:00:00Z --dry-run",
            "  millrace connector versions warehouse",
            "  millrace connector rollback warehouse 3 --offsets",
            "  millrace connector letters list warehouse",
            "  millrace connector schedule run nightly-orders",
            "  millrace connector plugins"
        })
final class ConnectorCommand {

    @Command(description = "Every connector and task with its state, and why.", mixinStandardHelpOptions = true)
    void status(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME", arity = "0..*") List<String> names)
            throws InterruptedException {
        Table table = new Table("CONNECTOR", "TYPE", "TASK", "STATE", "SINCE", "NEXT TRY");
        StringBuilder reasons = new StringBuilder();
        try (RestApi api = rest.open()) {
            for (String name : names == null ? all(api) : names) {
                addStatus(api.get(RestApi.pipeline(name)), table, reasons);
            }
        }
        table.print(System.out);
        System.out.print(reasons);
    }

    private static void addStatus(JsonNode pipeline, Table table, StringBuilder reasons) {
        String name = pipeline.path("name").asText();
        String type = pipeline.path("type").asText();
        row(table, name, type, "-", pipeline.path("connector"));
        for (JsonNode task : pipeline.path("tasks")) {
            row(table, name, type, task.path("id").asText(), task);
        }
        if (pipeline.path("reason").isTextual()) {
            reasons.append("%n%s: %s%n".formatted(name, pipeline.path("reason").asText()));
        }
    }

    private static List<String> all(RestApi api) throws InterruptedException {
        return api.get("/connectors")
                .valueStream()
                .map(JsonNode::asText)
                .sorted()
                .toList();
    }

    private static void row(Table table, String name, String type, String task, JsonNode condition) {
        table.row(
                name,
                type,
                task,
                condition.path("state").asText(),
                condition.path("since").asText("-"),
                condition.path("next_try").asText("-"));
    }

    @Command(description = "Names of all connectors.", mixinStandardHelpOptions = true)
    void list(@Mixin RestAddress rest) throws InterruptedException {
        try (RestApi api = rest.open()) {
            all(api).forEach(System.out::println);
        }
    }

    @Command(
            description = "Creates the connectors of JSON files, or changes them to what the files say.",
            mixinStandardHelpOptions = true)
    void apply(@Mixin RestAddress rest, @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files)
            throws InterruptedException {
        try (RestApi api = rest.open()) {
            for (Path file : files) {
                for (ConnectorFile connector : ConnectorFile.read(file)) {
                    api.apply(connector, "file " + file.getFileName());
                    System.out.println("applied " + connector.name());
                }
            }
        }
    }

    @Command(description = "The config of a connector, as JSON; secrets are masked.", mixinStandardHelpOptions = true)
    void config(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        try (RestApi api = rest.open()) {
            System.out.println(api.get(RestApi.connector(name, "/config")).toPrettyString());
        }
    }

    @Command(description = "What applying JSON files would change. Nothing is stored.", mixinStandardHelpOptions = true)
    int plan(@Mixin RestAddress rest, @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files)
            throws InterruptedException {
        boolean refused = false;
        try (RestApi api = rest.open()) {
            for (Path file : files) {
                for (ConnectorFile connector : ConnectorFile.read(file)) {
                    String path = "/v1" + RestApi.connector(connector.name(), "/plan");
                    JsonNode plan = api.put(path, connector.config());
                    print(plan);
                    refused |= !plan.path("errors").isEmpty();
                }
            }
        }
        return refused ? 1 : 0;
    }

    private static void print(JsonNode plan) {
        boolean created = plan.path("created").asBoolean();
        JsonNode changes = plan.path("changes");
        String what = created ? "would be made" : changes.isEmpty() ? "would not change" : "would change";
        System.out.println(plan.path("connector").asText() + " " + what);
        changes.properties().forEach(change -> {
            JsonNode from = change.getValue().path("from");
            JsonNode to = change.getValue().path("to");
            String sign = from.isNull() ? "+" : to.isNull() ? "-" : "~";
            String values = from.isNull() || to.isNull()
                    ? from.asText("") + to.asText("")
                    : from.asText() + " -> " + to.asText();
            System.out.println("  " + sign + " " + change.getKey() + " = " + values);
        });
        print("tasks that restart", plan.path("restarted_tasks"));
        print("topics that would be made", plan.path("topics_made"));
        print("topics that do not exist", plan.path("topics_missing"));
        plan.path("errors").forEach(error -> System.out.println("  error: " + error.asText()));
        plan.path("warnings").forEach(warning -> System.out.println("  warning: " + warning.asText()));
    }

    private static void print(String what, JsonNode values) {
        if (!values.isEmpty()) {
            List<String> texts = values.valueStream().map(JsonNode::asText).toList();
            System.out.println("  " + what + ": " + String.join(", ", texts));
        }
    }

    @Command(
            description = "The versions of a connector's config that are kept, the newest first.",
            mixinStandardHelpOptions = true)
    void versions(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        Table table = new Table("VERSION", "TIME", "BY", "REPLACED");
        try (RestApi api = rest.open()) {
            JsonNode answer = api.get("/v1" + RestApi.connector(name, "/versions"));
            for (JsonNode version : answer.path("versions")) {
                table.row(
                        version.path("version").asText(),
                        version.path("time").asText(),
                        version.path("by").asText(),
                        version.path("replaced").asText("-"));
            }
        }
        table.print(System.out);
    }

    @Command(
            description = "One version of a connector's config, as JSON; secrets are masked.",
            mixinStandardHelpOptions = true)
    void version(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "VERSION") int version)
            throws InterruptedException {
        try (RestApi api = rest.open()) {
            System.out.println(api.get("/v1" + RestApi.connector(name, "/versions/" + version))
                    .toPrettyString());
        }
    }

    @Command(
            description = "Gives a connector the config of an earlier version, which becomes its newest.",
            mixinStandardHelpOptions = true)
    void rollback(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "VERSION") int version,
            @Option(names = "--offsets", description = "go on from where that version was replaced") boolean offsets)
            throws InterruptedException {
        try (RestApi api = rest.open()) {
            String path = "/v1" + RestApi.connector(name, "/versions/" + version + "/rollback");
            api.post(path, Map.of("offsets", offsets));
            System.out.printf("%s has the config of version %d%n", name, version);
        }
    }

    @Command(description = "Lets the tasks rest, keeping their resources.", mixinStandardHelpOptions = true)
    void pause(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        put(rest, name, "/pause");
    }

    @Command(description = "Lets a paused or stopped connector go on.", mixinStandardHelpOptions = true)
    void resume(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        put(rest, name, "/resume");
    }

    @Command(description = "Ends the tasks, keeping config and offsets.", mixinStandardHelpOptions = true)
    void stop(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        put(rest, name, "/stop");
    }

    private static void put(RestAddress rest, String name, String action) throws InterruptedException {
        try (RestApi api = rest.open()) {
            api.put(RestApi.connector(name, action), Map.of());
        }
    }

    @Command(description = "Restarts a connector with its tasks.", mixinStandardHelpOptions = true)
    void restart(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--only-failed", description = "only what has failed") boolean onlyFailed)
            throws InterruptedException {
        try (RestApi api = rest.open()) {
            api.post(RestApi.connector(name, "/restart?includeTasks=true&onlyFailed=" + onlyFailed), Map.of());
        }
    }

    @Command(
            description = "Lets a sink go on from elsewhere: it is stopped, its offsets are set, and it goes on.",
            mixinStandardHelpOptions = true)
    void replay(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "PLACE",
                            description = "'beginning', an offset, or a time such as 2026-03-01T09:00:00Z")
                    String place,
            @Option(names = "--topic", description = "only this topic") @Nullable String topic,
            @Option(names = "--partition", description = "only the partitions of this number") @Nullable
                    Integer partition,
            @Option(names = "--dry-run", description = "only say how many records that is") boolean dryRun)
            throws InterruptedException {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("to", place.matches("\\d{1,18}") ? Long.valueOf(place) : place);
        wanted.put("dry_run", dryRun);
        if (topic != null) {
            wanted.put("topic", topic);
        }
        if (partition != null) {
            wanted.put("partition", partition);
        }
        Table table = new Table("TOPIC", "PARTITION", "FROM", "TO", "AGAIN", "SKIPPED");
        try (RestApi api = rest.open()) {
            JsonNode plan = api.post("/v1" + RestApi.connector(name, "/replay"), wanted);
            for (JsonNode move : plan.path("partitions")) {
                List<String> cells = new ArrayList<>();
                for (String field : List.of("topic", "partition", "from", "to", "records_again", "records_skipped")) {
                    cells.add(move.path(field).asText());
                }
                table.row(cells.toArray());
            }
            table.print(System.out);
            System.out.printf(
                    "%s records %s read again, %s are left out%n",
                    plan.path("records_again").asText(),
                    dryRun ? "would be" : "are",
                    plan.path("records_skipped").asText());
        }
    }

    @Command(description = "Deletes a connector; its offsets are kept.", mixinStandardHelpOptions = true)
    void delete(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        try (RestApi api = rest.open()) {
            api.delete(RestApi.connector(name, ""));
            System.out.println("deleted " + name);
        }
    }

    @Command(
            description = "Every connector, transform and converter that can be used.",
            mixinStandardHelpOptions = true)
    void plugins(@Mixin RestAddress rest) throws InterruptedException {
        Table table = new Table("TYPE", "VERSION", "CLASS");
        try (RestApi api = rest.open()) {
            for (JsonNode plugin : api.get("/connector-plugins?connectorsOnly=false")) {
                table.row(
                        plugin.path("type").asText(),
                        plugin.path("version").asText("-"),
                        plugin.path("class").asText());
            }
        }
        table.print(System.out);
    }
}
