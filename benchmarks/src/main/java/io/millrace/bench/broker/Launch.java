package io.millrace.bench.broker;

import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.server.Server;
import java.io.IOException;

/** A scenario that starts and stops the broker itself. */
public interface Launch extends Scenario {

    /** Measures once. */
    void run(Server server, Folders folders, Recorder out) throws IOException, InterruptedException;
}
