package io.millrace.bench.connect;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Recorder;
import java.io.IOException;
import java.util.List;

/** How much memory broker and worker have taken at most, over all loads before. */
record Peak(String name) implements Load {

    @Override
    public String what() {
        return "resident memory of broker and worker, each at its highest over all flows of the round";
    }

    @Override
    public List<Mark> marks() {
        return List.of();
    }

    @Override
    public void run(Stand stand, Recorder out) throws IOException {
        out.add(Measure.PEAK, stand.processes().peakMegabytes());
    }
}
