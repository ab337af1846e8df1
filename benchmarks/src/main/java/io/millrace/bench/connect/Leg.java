package io.millrace.bench.connect;

import io.millrace.bench.plugin.Gate;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.CpuMeter;
import io.millrace.bench.run.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** One connector's part of a flow: it is made, gets warm, is measured and deleted. */
final class Leg {

    private static final long SECONDS_MAX = 120;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Stand stand;
    private final String connector;
    private final Map<String, String> config;
    private final Arrival arrival;
    private final Path folder;
    private final Gate gate;

    /** Waits until so many records are where they shall go, once the task has handled them. */
    @FunctionalInterface
    interface Arrival {
        void await(long records) throws IOException;
    }

    /** What is measured, and who is told. */
    record Target(Recorder out, Measure rate, Measure cpu) {}

    /** @param config of the connector, without what the gate needs */
    Leg(Stand stand, String connector, Map<String, String> config, Arrival arrival) throws IOException {
        this.stand = stand;
        this.connector = connector;
        this.config = Map.copyOf(config);
        this.arrival = arrival;
        this.folder = Files.createDirectories(stand.folder().resolve(connector));
        this.gate = new Gate(folder);
    }

    /**
     * Runs it once.
     *
     * @param warm how many records pass before it is measured, at least
     * @param all how many pass
     */
    void run(long warm, long all, Target target) throws IOException, InterruptedException {
        Map<String, String> whole = new HashMap<>(config);
        whole.put("tasks.max", "1");
        whole.put("records.warm", Long.toString(warm));
        whole.put("records", Long.toString(all));
        whole.put(Gate.DIRECTORY, folder.toString());
        stand.rest().put(connector, whole);
        try {
            await(gate.warm());
            long passed = Long.parseLong(Files.readString(gate.warm()));
            arrival.await(passed);
            measure(passed, all, target);
        } finally {
            gate.go();
            stand.rest().delete(connector);
        }
    }

    private void measure(long passed, long all, Target target) throws IOException, InterruptedException {
        CpuMeter cpu = new CpuMeter(stand.processes()::cpuSeconds);
        long begin = System.nanoTime();
        gate.go();
        await(gate.done());
        arrival.await(all);
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        target.out().add(target.rate(), (all - passed) / seconds);
        target.out().add(target.cpu(), cpu.microsPerRecord(all - passed));
    }

    private void await(Path file) throws IOException, InterruptedException {
        try {
            Waiting.until(connector, SECONDS_MAX, Waiting.FILE_PAUSE_NANOS, () -> {
                stand.processes().requireAlive();
                return Files.exists(file);
            });
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; the worker says " + stand.rest().status(connector), e);
        }
    }
}
