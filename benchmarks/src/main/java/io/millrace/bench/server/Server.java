package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker that is measured: how it is started, and what makes it as durable as the other. */
public interface Server {

    Side side();

    /**
     * Starts it as a process of its own, on a port of 127.0.0.1 that was free; returns before it serves.
     *
     * @param directory its data, kept over a restart; what it prints goes to a file beside it
     */
    ServerProcess start(Path directory) throws IOException;

    /** Configs of a topic that is as durable as asked for. */
    Map<String, String> topicConfigs(Durability durability);
}
