package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Path;

/** Broker and connect runtime that are measured together. */
public interface ConnectServer {

    /** The broker in it, for what makes its topics as durable as the other's. */
    Server broker();

    /**
     * Starts broker and runtime, on ports of 127.0.0.1 that were free; returns before they serve.
     *
     * @param directory their data; what they print goes to files in it
     * @param plugins the plugin path
     */
    ConnectProcesses start(Path directory, Path plugins) throws IOException;
}
