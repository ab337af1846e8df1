package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RestApi;
import io.millrace.platform.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Dead letters of a sink: see them, look into one, have the sink handle them once more. */
@Command(
        name = "letters",
        description = "Dead letters of a sink: see them, look into one, replay them.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace connector letters list warehouse --open",
            "  millrace connector letters show warehouse 0-17",
            "  millrace connector letters replay warehouse --all --dry-run",
            "  millrace connector letters replay warehouse 0-17 0-18",
            "  millrace connector letters replay warehouse --from 0-20 --to 0-40"
        })
final class LettersCommand {

    private static String path(String name, String below) {
        return "/v1" + RestApi.connector(name, "/dead-letters" + below);
    }

    @Command(description = "Letters with where they come from and what went wrong.", mixinStandardHelpOptions = true)
    void list(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--open", description = "only those that have not been replayed") boolean open,
            @Option(names = "--from", paramLabel = "ID", description = "begin at this one", defaultValue = "0-0")
                    String from,
            @Option(names = "--max", paramLabel = "N", description = "at most so many, 1 to 500", defaultValue = "50")
                    int max)
            throws InterruptedException {
        String query = "?limit=%d&from=%s&state=%s".formatted(max, from, open ? "open" : "all");
        Table table = new Table("ID", "STATE", "ATTEMPTS", "RECORD", "STAGE", "MESSAGE");
        try (RestApi api = rest.open()) {
            JsonNode page = api.get(path(name, query));
            page.path("letters").forEach(letter -> row(table, letter));
            table.print(System.out);
            if (page.hasNonNull("next")) {
                System.out.println("more: --from " + page.path("next").asText());
            }
        }
    }

    private static void row(Table table, JsonNode letter) {
        table.row(
                letter.path("id").asText(),
                letter.path("state").asText(),
                letter.path("attempts").asText(),
                record(letter.path("origin")),
                letter.path("stage").asText("-"),
                PreviewCommand.cut(letter.path("message").asText("-")));
    }

    private static String record(JsonNode origin) {
        return origin.hasNonNull("topic")
                ? "%s-%s@%s"
                        .formatted(
                                origin.path("topic").asText(),
                                origin.path("partition").asText("?"),
                                origin.path("offset").asText("?"))
                : "-";
    }

    @Command(description = "One letter with its payload, as JSON.", mixinStandardHelpOptions = true)
    void show(
            @Mixin RestAddress rest,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ID", description = "as in 0-17") String id)
            throws InterruptedException {
        try (RestApi api = rest.open()) {
            System.out.println(api.get(path(name, "/" + id)).toPrettyString());
        }
    }

    @Command(
            description = "Gives letters to their sink once more, with its config of now; each is replayed once.",
            mixinStandardHelpOptions = true)
    void replay(
            @Mixin RestAddress rest,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "these letters") @Nullable
                    List<String> ids,
            @Mixin Which which,
            @Option(names = "--dry-run", description = "only say how many letters that is") boolean dryRun)
            throws InterruptedException {
        Map<String, Object> wanted = which.asked();
        if (ids != null && !ids.isEmpty()) {
            wanted.put("ids", ids);
        }
        if (wanted.isEmpty()) {
            throw new UserError("which letters? Name them, as in 0-17, or give --all, --from or --to");
        }
        wanted.put("dry_run", dryRun);
        try (RestApi api = rest.open()) {
            JsonNode done = api.post(path(name, "/replay"), wanted);
            System.out.printf(
                    "%s letters %s replayed, %s were before%n",
                    done.path("replayed").asText(),
                    dryRun ? "would be" : "are",
                    done.path("replayed_before").asText());
            if (!done.path("without_topic").isEmpty()) {
                System.out.println("left alone, because they do not tell their topic: " + done.path("without_topic"));
            }
        }
    }

    /** Which letters are wanted, other than by their names. */
    static final class Which {

        @Option(names = "--all", description = "all letters")
        private boolean all;

        @Option(names = "--from", paramLabel = "ID", description = "from this one on")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "ID", description = "up to this one, itself included")
        private @Nullable String to;

        private Map<String, Object> asked() {
            Map<String, Object> asked = new LinkedHashMap<>();
            if (all) {
                asked.put("all", true);
            }
            if (from != null) {
                asked.put("from", from);
            }
            if (to != null) {
                asked.put("to", to);
            }
            return asked;
        }
    }
}
