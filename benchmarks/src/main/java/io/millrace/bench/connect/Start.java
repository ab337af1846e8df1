package io.millrace.bench.connect;

import io.millrace.bench.plugin.NoopSource;
import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.ConnectProcesses;
import io.millrace.bench.server.ConnectServer;
import io.millrace.bench.server.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * From the command to the REST interface of a worker that lists its plugins, on empty data; then what it takes when
 * idle.
 *
 * @param again whether a worker has been started on this plugin path before
 */
record Start(String name, boolean again, List<Mark> marks) implements Launch {

    private static final long IDLE_MILLIS = 4_000;
    private static final long SECONDS_MAX = 180;

    @Override
    public String what() {
        return "broker and worker from their commands to GET /connector-plugins, empty data, plugin directories %s;"
                        .formatted(again ? "that a worker has seen before" : "that are new")
                + " memory 4 s later";
    }

    @Override
    public void run(ConnectServer server, PluginPath plugins, Folders folders, Recorder out)
            throws IOException, InterruptedException {
        Side side = server.broker().side();
        Path path = folders.kept(name + "-plugins", side);
        if (!Files.exists(path)) {
            plugins.lay(path);
            if (again) {
                measure(server, path, folders.fresh(name, side), (_, _) -> {});
            }
        }
        measure(server, path, folders.fresh(name, side), out);
        folders.delete(folders.kept(name, side));
        if (!again) {
            folders.delete(path);
        }
    }

    private static void measure(ConnectServer server, Path plugins, Path folder, Recorder out)
            throws IOException, InterruptedException {
        try (ConnectProcesses processes = server.start(folder, plugins)) {
            try (Rest rest = new Rest(processes.restPort())) {
                awaitAnswer(processes, rest);
            }
            out.add(Measure.REST, processes.secondsSinceStart());
            Thread.sleep(IDLE_MILLIS);
            out.add(Measure.RESIDENT, processes.residentMegabytes());
            processes.stop();
        }
    }

    /** Waits until the worker serves. */
    static void awaitAnswer(ConnectProcesses processes, Rest rest) throws IOException, InterruptedException {
        Waiting.until("the worker's list of plugins", SECONDS_MAX, Waiting.ANSWER_PAUSE_NANOS, () -> {
            processes.requireAlive();
            return rest.offers(NoopSource.class.getName());
        });
    }
}
