package io.millrace.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * The table of pipelines that the terminal shows while data moves. On a terminal it is drawn over itself; where the
 * output goes to a file it is printed once in a while.
 */
public final class LiveTable {

    private static final String CLEAR_LINE = "\u001b[K";
    private static final String ROW = "%-18s %-10s %12s %12s %10s %9s %12s %12s";

    private final PrintStream out;
    private final boolean terminal;
    private int drawn;

    public LiveTable(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** True if standard output is a terminal that can be drawn on. */
    @SuppressWarnings("SystemConsoleNull") // its contract still allows null
    public static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** @param pipelines the answer of {@code GET /v1/pipelines} */
    public void draw(JsonNode pipelines, List<String> below) {
        StringBuilder text = new StringBuilder();
        if (terminal && drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        drawn = 0;
        line(
                text,
                ROW.formatted("PIPELINE", "STATE", "IN", "OUT", "PER SECOND", "LAG", "FRESH P50 ms", "FRESH P99 ms"));
        for (JsonNode pipeline : pipelines) {
            line(text, row(pipeline));
            JsonNode reason = pipeline.path("reason");
            if (reason.isTextual() && !isRunning(pipeline)) {
                line(text, "  " + reason.asText().lines().findFirst().orElse(""));
            }
        }
        below.forEach(note -> line(text, note));
        out.print(text);
        out.flush();
    }

    private void line(StringBuilder text, String line) {
        text.append(line);
        if (terminal) {
            text.append(CLEAR_LINE);
        }
        text.append('\n');
        drawn++;
    }

    private static String row(JsonNode pipeline) {
        return ROW.formatted(
                pipeline.path("name").asText(),
                pipeline.path("state").asText().toLowerCase(Locale.ROOT),
                count(pipeline.path("records_in")),
                count(pipeline.path("records_out")),
                count(pipeline.path("records_per_second")),
                count(pipeline.path("lag_records")),
                count(pipeline.path("freshness_p50_ms")),
                count(pipeline.path("freshness_p99_ms")));
    }

    /** What does not run says why; what runs and has nothing to do need not. */
    private static boolean isRunning(JsonNode pipeline) {
        return "RUNNING".equals(pipeline.path("state").asText());
    }

    private static String count(JsonNode number) {
        return number.isNumber() ? "%,d".formatted(Math.round(number.asDouble())) : "-";
    }
}
