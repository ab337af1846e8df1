package io.millrace.bench.broker;

import io.millrace.bench.report.Results;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.run.Session;
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
    private final Session session;

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
        this.session = new Session(progress);
    }

    public Results run(List<Scenario> scenarios, int rounds) throws IOException, InterruptedException {
        session.want(scenarios);
        List<Launch> launches = only(Launch.class, scenarios);
        List<Load> loads = only(Load.class, scenarios);
        for (int round = 1; round <= rounds; round++) {
            for (Server server : servers) {
                session.beginTurn(round, rounds, server.side());
                for (Launch launch : launches) {
                    session.attempt(launch.name(), server.side(), () -> {
                        session.begin(launch);
                        launch.run(server, folders, session.recorder(launch, server.side()));
                    });
                }
                if (!loads.isEmpty()) {
                    session.attempt("loads", server.side(), () -> run(loads, server));
                }
            }
        }
        return session.results();
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
                session.attempt(load.name(), server.side(), () -> {
                    session.begin(load);
                    load.run(stand, session.recorder(load, server.side()));
                });
                process.requireAlive();
            }
            process.stop();
        }
        folders.delete(folder);
    }
}
