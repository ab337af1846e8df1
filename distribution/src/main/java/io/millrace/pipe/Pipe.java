package io.millrace.pipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.log.server.HostPort;
import io.millrace.platform.ConnectorFile;
import io.millrace.platform.LiveTable;
import io.millrace.platform.Platform;
import io.millrace.platform.PlatformConfig;
import io.millrace.platform.RestApi;
import io.millrace.platform.Signals;
import io.millrace.platform.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * A whole database to one place: its tables as they are, then every change. Made of a capture connector, the log, and a
 * sink; what it has read and written so far lies in its data directory, and in a replication slot of the source.
 */
public final class Pipe {

    private static final Duration REDRAW = Duration.ofMillis(500);
    private static final int PLAIN_EVERY_REDRAWS = 10;

    private final PipeSource source;
    private final PipePlan plan;
    private final Path dataDir;

    /** @param dataDirs the folder that holds one data directory for each pipe */
    public Pipe(String source, String target, Path dataDirs, Map<String, String> environment) {
        this.source = PipeSource.parse(source);
        this.plan = PipePlan.of(this.source, PipeTarget.parse(target, environment));
        this.dataDir = dataDirs.resolve(plan.name());
    }

    public Path dataDir() {
        return dataDir;
    }

    /** The two connectors, as a file for {@code millrace run}; the password of the source is left out. */
    public String json() throws IOException {
        List<Map<String, Object>> connectors = new ArrayList<>();
        for (ConnectorFile connector : plan.connectors()) {
            Map<String, Object> config = new TreeMap<>(connector.config());
            config.replaceAll((key, value) -> key.contains("password") || key.contains("secret") ? "********" : value);
            connectors.add(Map.of("name", connector.name(), "config", config));
        }
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(connectors);
    }

    /** Runs until a signal. */
    public void run(HostPort kafkaListen, HostPort restListen, PrintStream out) throws InterruptedException {
        Signals signals = new Signals();
        PlatformConfig config = PlatformConfig.whole(dataDir.resolve("log"), kafkaListen, restListen);
        try (Platform platform = Platform.start(config, plan.warehouse());
                RestApi rest = new RestApi(platform.restUrl())) {
            signals.watch(platform);
            for (ConnectorFile connector : plan.connectors()) {
                rest.put(RestApi.connector(connector.name(), "/config"), connector.config());
            }
            platform.announce(out);
            watch(rest, signals, out);
            out.println("Ended. The same command goes on where this one was; with --cleanup it leaves no trace in "
                    + source.database() + ".");
        } finally {
            signals.done();
        }
    }

    private void watch(RestApi rest, Signals signals, PrintStream out) throws InterruptedException {
        boolean terminal = LiveTable.onTerminal();
        LiveTable table = new LiveTable(out, terminal);
        boolean started = false;
        long redraw = 0;
        do {
            JsonNode pipelines = rest.get("/v1/pipelines").path("pipelines");
            List<JsonNode> tasks = tasks(rest);
            List<String> failures =
                    tasks.stream().filter(Pipe::hasFailed).map(Pipe::reason).toList();
            started |= !tasks.isEmpty() && tasks.stream().allMatch(task -> isIn("RUNNING", task));
            if (!failures.isEmpty() && !(started && tasks.stream().allMatch(Pipe::hasHope))) {
                throw new UserError(String.join("; ", failures));
            }
            if (terminal || redraw++ % PLAIN_EVERY_REDRAWS == 0) {
                table.draw(pipelines, failures);
            }
        } while (!signals.await(REDRAW));
    }

    private List<JsonNode> tasks(RestApi rest) throws InterruptedException {
        List<JsonNode> tasks = new ArrayList<>();
        for (ConnectorFile connector : plan.connectors()) {
            JsonNode status = rest.get(RestApi.connector(connector.name(), "/status"));
            status.path("tasks").forEach(tasks::add);
        }
        return tasks;
    }

    private static boolean hasFailed(JsonNode task) {
        return isIn("FAILED", task);
    }

    private static boolean isIn(String state, JsonNode task) {
        return state.equals(task.path("state").asText());
    }

    /** The runtime tries a task again whose failure says that it may pass: a database that restarts comes back. */
    private static boolean hasHope(JsonNode task) {
        Stream<String> afterTheReason = task.path("trace").asText().lines().skip(1);
        return !hasFailed(task)
                || afterTheReason.limit(1).anyMatch(line -> line.startsWith(RetriableException.class.getName()));
    }

    private static String reason(JsonNode task) {
        return task.path("trace").asText().lines().findFirst().orElse("a task failed without a cause");
    }

    /** Drops what the pipe made in the source, and its data directory. The target is left as it is. */
    public void cleanUp(PrintStream out) throws IOException {
        new PipeCleanup(source, plan.slot()).run(out);
        if (Files.exists(dataDir)) {
            try (Stream<Path> paths = Files.walk(dataDir)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            out.println("deleted " + dataDir);
        }
    }
}
