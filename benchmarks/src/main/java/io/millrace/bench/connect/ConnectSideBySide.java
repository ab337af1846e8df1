package io.millrace.bench.connect;

import io.millrace.bench.report.Results;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.run.Session;
import io.millrace.bench.server.ConnectProcesses;
import io.millrace.bench.server.ConnectServer;
import io.millrace.bench.server.Side;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs scenarios on one broker with its worker and then on the other, round by round; never on both at once. In each
 * round the peer comes first. Launches come first; the loads share one broker and one worker.
 */
public final class ConnectSideBySide {

    private final List<ConnectServer> servers;
    private final PluginPath plugins;
    private final Folders folders;
    private final double scale;
    private final Session session;

    /**
     * @param servers in the order of their turns
     * @param scale share of the records of a full run, up to 1
     * @param progress is told what runs
     */
    public ConnectSideBySide(
            List<ConnectServer> servers, PluginPath plugins, Folders folders, double scale, PrintStream progress) {
        this.servers = List.copyOf(servers);
        this.plugins = plugins;
        this.folders = folders;
        this.scale = scale;
        this.session = new Session(progress);
    }

    public Results run(List<Scenario> scenarios, int rounds) throws IOException, InterruptedException {
        session.want(scenarios);
        List<Load> loads = only(Load.class, scenarios);
        for (int round = 1; round <= rounds; round++) {
            for (ConnectServer server : servers) {
                Side side = server.broker().side();
                session.beginTurn(round, rounds, side);
                for (Launch launch : only(Launch.class, scenarios)) {
                    session.attempt(launch.name(), side, () -> {
                        session.begin(launch);
                        launch.run(server, plugins, folders, session.recorder(launch, side));
                    });
                }
                if (!loads.isEmpty()) {
                    session.attempt("loads", side, () -> run(loads, server, side));
                }
            }
        }
        return session.results();
    }

    private static <T extends Scenario> List<T> only(Class<T> kind, List<Scenario> scenarios) {
        return scenarios.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void run(List<Load> loads, ConnectServer server, Side side) throws IOException, InterruptedException {
        Path folder = folders.fresh("loads", side);
        Path path = folder.resolve("plugins");
        plugins.lay(path);
        try (ConnectProcesses processes = server.start(folder, path);
                Rest rest = new Rest(processes.restPort())) {
            Start.awaitAnswer(processes, rest);
            Path gates = Files.createDirectories(folder.resolve("gates"));
            Stand stand = new Stand(server.broker(), processes, rest, gates, scale);
            for (Load load : loads) {
                session.attempt(load.name(), side, () -> {
                    session.begin(load);
                    load.run(stand, session.recorder(load, side));
                });
                processes.requireAlive();
            }
            processes.stop();
        }
        folders.delete(folder);
    }
}
