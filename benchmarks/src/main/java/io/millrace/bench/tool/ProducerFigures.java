package io.millrace.bench.tool;

import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What {@code kafka-producer-perf-test} says at its end, of what came after its warm-up.
 *
 * @param recordsPerSecond in the mean
 * @param p50Millis of the time from send to acknowledgement; at full speed most of it is spent in the client's queue
 */
public record ProducerFigures(double recordsPerSecond, double p50Millis, double p99Millis) {

    private static final Pattern LINE = Pattern.compile(
            "records sent, ([\\d.]+) records/sec .* (\\d+) ms 50th, \\d+ ms 95th, (\\d+) ms 99th, \\d+ ms 99\\.9th");

    /** Reads the last summary: with a warm-up there are two, and that of the steady state is the last. */
    public static ProducerFigures parse(String output) throws IOException {
        MatchResult line = LINE.matcher(output)
                .results()
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IOException("the producer's tool printed no summary:\n" + output));
        if (output.contains("Exception")) {
            throw new IOException("the producer's tool was told of errors:\n" + output);
        }
        return new ProducerFigures(
                Double.parseDouble(line.group(1)),
                Double.parseDouble(line.group(2)),
                Double.parseDouble(line.group(3)));
    }
}
