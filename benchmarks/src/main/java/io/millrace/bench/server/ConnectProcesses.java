package io.millrace.bench.server;

import java.io.IOException;
import java.util.List;

/**
 * A broker and a connect worker that run.
 *
 * @param all their processes, one or two, in the order of their start
 * @param restPort where the worker answers, on 127.0.0.1
 */
public record ConnectProcesses(List<ServerProcess> all, int restPort) implements AutoCloseable {

    /** Where Kafka clients connect, on 127.0.0.1. */
    public int kafkaPort() {
        return all.getFirst().port();
    }

    /** Since the first command was given. */
    public double secondsSinceStart() {
        return all.getFirst().secondsSinceStart();
    }

    /** @throws IOException with what it printed, if one of them has ended */
    public void requireAlive() throws IOException {
        for (ServerProcess process : all) {
            process.requireAlive();
        }
    }

    /** Processor time of all of their threads so far. */
    public double cpuSeconds() throws IOException {
        return sum(ServerProcess::cpuSeconds);
    }

    /** Memory that they occupy now. */
    public double residentMegabytes() throws IOException {
        return sum(ServerProcess::residentMegabytes);
    }

    /** The most memory that each has occupied so far, added up. */
    public double peakMegabytes() throws IOException {
        return sum(ServerProcess::peakMegabytes);
    }

    /** What one process tells. */
    private interface Gauge {
        double read(ServerProcess process) throws IOException;
    }

    private double sum(Gauge gauge) throws IOException {
        double sum = 0;
        for (ServerProcess process : all) {
            sum += gauge.read(process);
        }
        return sum;
    }

    /** SIGTERM to the worker and then to the broker. */
    public void stop() throws IOException, InterruptedException {
        for (ServerProcess process : all.reversed()) {
            process.stop();
        }
    }

    /** SIGKILL to what still runs. */
    @Override
    public void close() {
        all.reversed().forEach(ServerProcess::close);
    }
}
