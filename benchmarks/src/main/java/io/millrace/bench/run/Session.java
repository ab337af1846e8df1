package io.millrace.bench.run;

import io.millrace.bench.report.Results;
import io.millrace.bench.server.Side;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One run of a bench: does one part after the other, tells of them, and collects what they measure. */
public final class Session {

    private final PrintStream progress;
    private final Results results = new Results();

    /** Part of a run. */
    @FunctionalInterface
    public interface Part {
        void run() throws IOException, InterruptedException;
    }

    /** @param progress is told what runs */
    public Session(PrintStream progress) {
        this.progress = progress;
    }

    /** What is measured from now on has these marks. */
    public void want(List<? extends Scenario> scenarios) {
        scenarios.forEach(scenario -> scenario.marks().forEach(mark -> results.want(scenario.name(), mark)));
    }

    public void beginTurn(int round, int rounds, Side side) {
        progress.printf("round %d of %d, %s%n", round, rounds, side.title());
    }

    /** What cannot be measured is told, and does not keep the rest from being measured. */
    public void attempt(String name, Side side, Part part) throws InterruptedException {
        try {
            part.run();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            progress.println("  " + name + " failed: " + why);
            results.failed(name, side, why);
        }
    }

    /** Tells of a scenario, and has the operating system write out what the one before has left in its memory. */
    public void begin(Scenario scenario) throws IOException, InterruptedException {
        progress.println("  " + scenario.name());
        int exit = new ProcessBuilder("sync").inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("sync ended with " + exit);
        }
    }

    public Recorder recorder(Scenario scenario, Side side) {
        return (measure, value) -> results.add(scenario.name(), measure, side, value);
    }

    /** All of it so far. */
    public Results results() {
        return results;
    }
}
