package io.millrace.bench.run;

import io.millrace.bench.report.Measure;

/** Takes what a scenario has measured. */
public interface Recorder {
    void add(Measure measure, double value);
}
