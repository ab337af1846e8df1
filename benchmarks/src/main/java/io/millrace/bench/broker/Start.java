package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Folders;
import io.millrace.bench.run.Recorder;
import io.millrace.bench.server.Server;
import io.millrace.bench.server.ServerProcess;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** From the command to the first record that is acknowledged, on an empty directory; then what it takes when idle. */
record Start(String name, List<Mark> marks) implements Launch {

    static final int RECORD_BYTES = 100;
    private static final long IDLE_MILLIS = 4_000;

    @Override
    public String what() {
        return "process start on an empty directory to the first acknowledged record (acks=all); memory 4 s later";
    }

    @Override
    public void run(Server server, Folders folders, Recorder out) throws IOException, InterruptedException {
        Path folder = folders.fresh(name, server.side());
        try (ServerProcess process = server.start(folder)) {
            out.add(Measure.READY, secondsToFirstRecord(process));
            Thread.sleep(IDLE_MILLIS);
            out.add(Measure.RESIDENT, process.residentMegabytes());
            out.add(Measure.STOP, process.stop());
        }
        folders.delete(folder);
    }

    static double secondsToFirstRecord(ServerProcess process) throws IOException {
        Batch batch = Batch.filling(RECORD_BYTES, RECORD_BYTES);
        try (Topics topics = FirstAnswer.of(process)) {
            topics.createIfAbsent("first");
            topics.appendOnceItServes("first", batch);
            return process.secondsSinceStart();
        }
    }
}
