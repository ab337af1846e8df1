package io.millrace.bench.broker;

import io.millrace.bench.server.ServerProcess;
import java.io.IOException;

/** Processor time of a broker since a moment. */
final class CpuMeter {

    private static final double MICROS_PER_SECOND = 1e6;

    private final ServerProcess process;
    private final double begin;

    CpuMeter(ServerProcess process) throws IOException {
        this.process = process;
        this.begin = process.cpuSeconds();
    }

    double microsPerRecord(long records) throws IOException {
        return (process.cpuSeconds() - begin) * MICROS_PER_SECOND / records;
    }
}
