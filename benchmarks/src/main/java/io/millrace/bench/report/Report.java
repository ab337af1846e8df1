package io.millrace.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that a run has found.
 *
 * @param title what it is about
 * @param facts what it was run on and how, by name
 * @param scenarios what each of them does, by name
 * @param failures what could not be measured, and why
 */
public record Report(
        Title title,
        Map<String, String> facts,
        Map<String, String> scenarios,
        List<Comparison> comparisons,
        Map<String, String> failures) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** For a terminal. */
    public String text() {
        return Rows.plain(comparisons) + "\n" + verdict() + "\n" + failed();
    }

    private String failed() {
        return failures.entrySet().stream()
                .map(failure -> "Not measured: %s: %s\n".formatted(failure.getKey(), failure.getValue()))
                .collect(Collectors.joining());
    }

    /** How many marks are met, and which are not. */
    private String verdict() {
        List<Comparison> marked =
                comparisons.stream().filter(each -> !each.verdict().isEmpty()).toList();
        List<Comparison> missed =
                marked.stream().filter(each -> each.verdict().equals("missed")).toList();
        String head = "Marks met: %d of %d.".formatted(marked.size() - missed.size(), marked.size());
        return missed.isEmpty()
                ? head
                : head + " Missed: "
                        + missed.stream()
                                .map(each ->
                                        each.scenario() + " " + each.measure().title())
                                .collect(Collectors.joining(", ", "", "."));
    }

    /** Writes the page and the values, each in a file with the title's name. */
    public void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(title.name() + ".md"), markdown());
        Files.writeString(folder.resolve(title.name() + ".json"), json() + "\n");
    }

    String markdown() {
        return """
                # %s

                Written by `./millrace bench %s --save`; every value of every round stands in
                [%s.json](%s.json). Only ratios of one run are of use: absolute figures say more of the machine.
                %s

                %s%s
                %s
                ## What was run

                | scenario | |
                |---|---|
                %s""".formatted(
                        title.heading(),
                        title.name(),
                        title.name(),
                        title.name(),
                        verdict(),
                        failed().replace("\n", "\n\n"),
                        table(facts),
                        Rows.markdown(comparisons),
                        rows(scenarios));
    }

    private static String table(Map<String, String> facts) {
        return "| | |\n|---|---|\n" + rows(facts);
    }

    private static String rows(Map<String, String> facts) {
        return facts.entrySet().stream()
                .map(fact -> "| %s | %s |\n".formatted(fact.getKey(), fact.getValue()))
                .collect(Collectors.joining());
    }

    String json() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        facts.forEach(root.putObject("run")::put);
        ArrayNode all = root.putArray("comparisons");
        comparisons.forEach(each -> write(each, all.addObject()));
        failures.forEach(root.putObject("failures")::put);
        return JSON.writeValueAsString(root);
    }

    private static void write(Comparison each, ObjectNode into) {
        into.put("scenario", each.scenario());
        into.put("quantity", each.measure().title());
        into.put("unit", each.measure().unit());
        each.ours().forEach(into.putArray("millrace")::add);
        each.peer().forEach(into.putArray("kafka")::add);
        into.put("ratio", each.ratio());
        Mark mark = each.mark();
        if (mark != null) {
            into.put("mark", mark.text());
            into.put("verdict", each.verdict());
        }
    }
}
