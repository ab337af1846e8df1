package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.MillraceServer;
import io.millrace.bench.server.Server;
import io.millrace.bench.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** As {@link Start}, for Millrace without a rehearsed start, as after it was unpacked. The peer has no such thing. */
record UnrehearsedStart(String name) implements Launch {

    @Override
    public List<Mark> marks() {
        return List.of();
    }

    @Override
    public String what() {
        return "as start, of Millrace alone, without the AOT cache that `millrace prepare` makes";
    }

    @Override
    public void run(Server server, Folders folders, Recorder out) throws IOException, InterruptedException {
        if (!(server instanceof MillraceServer millrace)) {
            return;
        }
        Path folder = folders.fresh(name, server.side());
        try (ServerProcess process =
                millrace.unrehearsed(folder.resolve("program")).start(folder)) {
            out.add(Measure.READY, Start.secondsToFirstRecord(process));
            process.stop();
        }
        folders.delete(folder);
    }
}
