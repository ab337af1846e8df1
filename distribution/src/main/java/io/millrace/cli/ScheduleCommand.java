package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RestApi;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Connectors that run by a schedule: see what came of it, start a run. */
@Command(
        name = "schedule",
        description = "Connectors that run by a schedule: see their runs, start one.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace connector schedule list",
            "  millrace connector schedule show nightly-orders",
            "  millrace connector schedule run nightly-orders"
        })
final class ScheduleCommand {

    private static String path(String name, String below) {
        return "/v1" + RestApi.connector(name, "/schedule" + below);
    }

    @Command(
            description = "Every connector that has a schedule, with its last and next run.",
            mixinStandardHelpOptions = true)
    void list(@Mixin RestAddress rest) throws InterruptedException {
        Table table = new Table("CONNECTOR", "STATE", "LAST RUN", "OUTCOME", "RECORDS", "NEXT RUN", "REFUSED");
        try (RestApi api = rest.open()) {
            for (JsonNode pipeline : api.get("/v1/pipelines").path("pipelines")) {
                if (pipeline.hasNonNull("schedule")) {
                    row(table, pipeline.path("schedule"));
                }
            }
        }
        table.print(System.out);
    }

    private static void row(Table table, JsonNode schedule) {
        JsonNode underWay = schedule.path("run");
        JsonNode last = underWay.isObject() ? underWay : schedule.path("last_run");
        List<String> cells = List.of(
                schedule.path("connector").asText(),
                schedule.path("state").asText(),
                last.path("started").asText("-"),
                last.path("outcome").asText("-"),
                last.path("records").asText("-"),
                schedule.path("next_run").asText("-"),
                schedule.path("refused_fires").asText());
        table.row(cells.toArray());
    }

    @Command(
            description = "The schedule of a connector, with its last and next run, as JSON.",
            mixinStandardHelpOptions = true)
    void show(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        try (RestApi api = rest.open()) {
            System.out.println(api.get(path(name, "")).toPrettyString());
        }
    }

    @Command(description = "Starts a run now, unless one is under way.", mixinStandardHelpOptions = true)
    void run(@Mixin RestAddress rest, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        try (RestApi api = rest.open()) {
            JsonNode started = api.post(path(name, "/run"), Map.of());
            System.out.printf(
                    "%s runs; the next run after it: %s%n",
                    name, started.path("next_run").asText("none"));
        }
    }
}
