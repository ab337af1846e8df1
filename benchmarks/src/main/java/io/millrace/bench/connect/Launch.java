package io.millrace.bench.connect;

import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.server.ConnectServer;
import java.io.IOException;

/** A scenario that starts and stops broker and worker itself. */
interface Launch extends Scenario {

    /** Measures once. */
    void run(ConnectServer server, PluginPath plugins, Folders folders, Recorder out)
            throws IOException, InterruptedException;
}
