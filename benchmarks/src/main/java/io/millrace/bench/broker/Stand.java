package io.millrace.bench.broker;

import io.millrace.bench.server.Server;
import io.millrace.bench.server.ServerProcess;
import io.millrace.bench.tool.StockTools;

/**
 * A broker that runs, and what is needed to put load on it.
 *
 * @param scale share of the full number of records
 */
public record Stand(Server server, ServerProcess process, StockTools tools, double scale) {

    public int port() {
        return process.port();
    }

    /** So many as are to be sent, given how many a full run sends. */
    public int scaled(int full) {
        return Math.max(1, (int) (full * scale));
    }
}
