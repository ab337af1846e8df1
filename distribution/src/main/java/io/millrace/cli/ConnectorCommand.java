package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.ConnectorFile;
import io.millrace.platform.RestApi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Connectors of a runtime: see, create and steer them. */
@Command(
        name = "connector",
        description = "See, create and steer connectors.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace connector apply configs/faker-shop.json",
            "  millrace connector status",
            "  millrace connector pause shop-faker",
            "  millrace connector plugins"
        })
final class ConnectorCommand {

    @Command(description = "Every connector and task with its state.", mixinStandardHelpOptions = true)
    void status(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME", arity = "0..*") List<String> names)
            throws InterruptedException {
        Table table = new Table("CONNECTOR", "TYPE", "TASK", "STATE", "WORKER");
        StringBuilder causes = new StringBuilder();
        try (RestApi api = rest.open()) {
            for (String name : names == null ? all(api) : names) {
                addStatus(api.get(RestApi.connector(name, "/status")), table, causes);
            }
        }
        table.print(System.out);
        if (!causes.isEmpty()) {
            System.out.println(causes);
        }
    }

    private static void addStatus(JsonNode status, Table table, StringBuilder causes) {
        String name = status.path("name").asText();
        String type = status.path("type").asText();
        row(table, name, type, "-", status.path("connector"));
        for (JsonNode task : status.path("tasks")) {
            String id = task.path("id").asText();
            row(table, name, type, id, task);
            if (task.has("trace")) {
                String cause = task.path("trace").asText().lines().findFirst().orElse("");
                causes.append("\n%s, task %s: %s".formatted(name, id, cause));
            }
        }
    }

    private static List<String> all(RestApi api) throws InterruptedException {
        return api.get("/connectors")
                .valueStream()
                .map(JsonNode::asText)
                .sorted()
                .toList();
    }

    private static void row(Table table, String name, String type, String task, JsonNode status) {
        table.row(
                name,
                type,
                task,
                status.path("state").asText(),
                status.path("worker_id").asText());
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
                    api.put(RestApi.connector(connector.name(), "/config"), connector.config());
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
