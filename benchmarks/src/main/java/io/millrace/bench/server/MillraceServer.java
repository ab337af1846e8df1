package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** Millrace as users start it: the packaged program by its launcher, as a broker without the connect runtime. */
public final class MillraceServer implements Server {

    private final Path program;

    /** @param program the folder of the packaged program */
    public MillraceServer(Path program) {
        this.program = program;
    }

    /** Whether a start of it was rehearsed, so that the launcher uses the notes of that. */
    public boolean isRehearsed() {
        return Files.exists(program.resolve("server.aot"));
    }

    /** The same program in another folder, without a rehearsed start: its libraries are links. */
    public MillraceServer unrehearsed(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(
                program.resolve("millrace"),
                folder.resolve("millrace"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        for (String name : List.of("lib", "connectors", "configs")) {
            Path link = folder.resolve(name);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, program.resolve(name).toAbsolutePath());
            }
        }
        return new MillraceServer(folder);
    }

    @Override
    public Side side() {
        return Side.OURS;
    }

    @Override
    public ServerProcess start(Path directory) throws IOException {
        int port = Ports.free();
        List<String> command = List.of(
                program.resolve("millrace").toAbsolutePath().toString(),
                "server",
                "--roles",
                "broker",
                "--data-dir",
                directory.resolve("data").toString(),
                "--kafka-listen",
                "127.0.0.1:" + port);
        return ServerProcess.launch(command, port, directory.resolve("output.txt"));
    }

    @Override
    public Map<String, String> topicConfigs(Durability durability) {
        return switch (durability) {
            case PAGE_CACHE -> Map.of("log.flush", "os");
            case EVERY_BATCH_SYNCED -> Map.of("log.flush", "group-commit");
        };
    }
}
