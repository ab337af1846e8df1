package io.millrace.bench.tool;

import java.io.IOException;

/**
 * What {@code kafka-consumer-perf-test} says at its end.
 *
 * @param recordsPerSecond without the time that it took to join the group
 */
public record ConsumerFigures(double recordsPerSecond) {

    /** Number of fields of the line of figures, and where those that count stand. */
    private static final int FIELDS = 10;

    private static final int RECORDS_AT = 4;
    private static final int RATE_AT = 9;

    public static ConsumerFigures parse(String output, long expected) throws IOException {
        String[] fields = output.lines()
                .map(line -> line.split(", *"))
                .filter(each -> each.length == FIELDS && each[RECORDS_AT].matches("\\d+"))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IOException("the consumer's tool printed no figures:\n" + output));
        if (Long.parseLong(fields[RECORDS_AT]) < expected) {
            throw new IOException(
                    "the consumer's tool found %s records of %d:\n%s".formatted(fields[RECORDS_AT], expected, output));
        }
        return new ConsumerFigures(Double.parseDouble(fields[RATE_AT]));
    }
}
