package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Millrace as users start it: the packaged program by its launcher, broker and connect runtime in one process. */
public final class MillraceConnect implements ConnectServer {

    private final Path program;

    /** @param program the folder of the packaged program */
    public MillraceConnect(Path program) {
        this.program = program;
    }

    @Override
    public Server broker() {
        return new MillraceServer(program);
    }

    @Override
    public ConnectProcesses start(Path directory, Path plugins) throws IOException {
        int kafkaPort = Ports.free();
        int restPort = Ports.free();
        List<String> command = List.of(
                program.resolve("millrace").toAbsolutePath().toString(),
                "server",
                "--data-dir",
                directory.resolve("data").toString(),
                "--kafka-listen",
                "127.0.0.1:" + kafkaPort,
                "--rest-listen",
                "127.0.0.1:" + restPort,
                "--plugin-path",
                plugins.toString());
        ServerProcess process = ServerProcess.launch(command, kafkaPort, directory.resolve("output.txt"));
        return new ConnectProcesses(List.of(process), restPort);
    }
}
