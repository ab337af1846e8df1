package io.millrace.bench.broker;

import io.millrace.bench.run.Recorder;
import io.millrace.bench.run.Scenario;
import java.io.IOException;

/** A scenario on a broker that runs and is warm: all loads of a round share one. */
public interface Load extends Scenario {

    /** Measures once; leaves no topic behind. */
    void run(Stand stand, Recorder out) throws IOException, InterruptedException;
}
