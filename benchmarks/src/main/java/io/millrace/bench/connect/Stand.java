package io.millrace.bench.connect;

import io.millrace.bench.server.ConnectProcesses;
import io.millrace.bench.server.Server;
import java.nio.file.Path;

/**
 * A broker and a worker that run, and what is needed to have records flow.
 *
 * @param broker knows what makes topics as durable as the other's
 * @param folder for files that tasks and bench tell each other by
 * @param scale share of the full number of records
 */
record Stand(Server broker, ConnectProcesses processes, Rest rest, Path folder, double scale) {

    /** So many as are to pass, given how many do in a full run. */
    long scaled(long full) {
        return Math.max(1, (long) (full * scale));
    }
}
