package io.millrace.bench.broker;

import io.millrace.bench.server.Server;
import java.io.IOException;

/** A scenario that starts and stops the broker itself. */
public non-sealed interface Launch extends Scenario {

    /** Measures once. */
    void run(Server server, Folders folders, Recorder out) throws IOException, InterruptedException;
}
