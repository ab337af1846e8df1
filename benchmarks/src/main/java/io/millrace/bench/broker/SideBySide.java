package io.millrace.bench.broker;

import io.millrace.bench.report.Results;
import io.millrace.bench.server.Server;
import io.millrace.bench.server.ServerProcess;
import io.millrace.bench.tool.StockTools;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs scenarios on one broker and then on the other, round by round; never on both at once.
 *
 * <ol>
 *   <li>In each round the peer comes first, with all of its scenarios, then ours.
 *   <li>Launches come first: each starts a broker of its own. The loads share one that is warmed up before.
 *   <li>Before each scenario the operating system writes out what the one before has left in its memory.
 * </ol>
 */
public final class SideBySide {

    private static final double WARM_UP_SECONDS = 5;

    private final List<Server> servers;
    private final StockTools tools;
    private final Folders folders;
    private final double scale;
    private final PrintStream progress;
    private final Results results = new Results();

    /**
     * @param servers in the order of their turns
     * @param scale share of the records of a full run, up to 1
     * @param progress is told what runs
     */
    public SideBySide(List<Server> servers, StockTools tools, Folders folders, double scale, PrintStream progress) {
        this.servers = List.copyOf(servers);
        this.tools = tools;
        this.folders = folders;
        this.scale = scale;
        this.progress = progress;
    }

    public Results run(List<Scenario> scenarios, int rounds) throws IOException, InterruptedException {
        scenarios.forEach(scenario -> scenario.marks().forEach(mark -> results.want(scenario.name(), mark)));
        List<Launch> launches = only(Launch.class, scenarios);
        List<Load> loads = only(Load.class, scenarios);
        for (int round = 1; round <= rounds; round++) {
            for (Server server : servers) {
                progress.printf(
                        "round %d of %d, %s%n", round, rounds, server.side().title());
                for (Launch launch : launches) {
                    attempt(launch.name(), server, () -> {
                        begin(launch);
                        launch.run(server, folders, recorder(launch, server));
                    });
                }
                if (!loads.isEmpty()) {
                    attempt("loads", server, () -> run(loads, server));
                }
            }
        }
        return results;
    }

    /** Part of a run. */
    private interface Part {
        void run() throws IOException, InterruptedException;
    }

    /** What cannot be measured is told, and does not keep the rest from being measured. */
    private void attempt(String name, Server server, Part part) throws InterruptedException {
        try {
            part.run();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            progress.println("  " + name + " failed: " + why);
            results.failed(name, server.side(), why);
        }
    }

    private static <T extends Scenario> List<T> only(Class<T> kind, List<Scenario> scenarios) {
        return scenarios.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void run(List<Load> loads, Server server) throws IOException, InterruptedException {
        Path folder = folders.fresh("loads", server.side());
        try (ServerProcess process = server.start(folder)) {
            Stand stand = new Stand(server, process, tools, scale);
            FirstAnswer.of(process).close();
            WarmUp.run(stand, WARM_UP_SECONDS * scale);
            for (Load load : loads) {
                attempt(load.name(), server, () -> {
                    begin(load);
                    load.run(stand, recorder(load, server));
                });
                process.requireAlive();
            }
            process.stop();
        }
        folders.delete(folder);
    }

    private void begin(Scenario scenario) throws IOException, InterruptedException {
        progress.println("  " + scenario.name());
        int exit = new ProcessBuilder("sync").inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("sync ended with " + exit);
        }
    }

    private Recorder recorder(Scenario scenario, Server server) {
        return (measure, value) -> results.add(scenario.name(), measure, server.side(), value);
    }
}
