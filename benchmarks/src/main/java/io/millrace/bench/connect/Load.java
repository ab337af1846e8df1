package io.millrace.bench.connect;

import io.millrace.bench.run.Recorder;
import io.millrace.bench.run.Scenario;
import java.io.IOException;

/** A scenario on a broker and a worker that run: all loads of a round share them. */
interface Load extends Scenario {

    /** Measures once; leaves neither connector nor topic behind. */
    void run(Stand stand, Recorder out) throws IOException, InterruptedException;
}
