package io.millrace.connect.preview;

import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * A wish to see what a connector would do.
 *
 * @param name its name; that of a connector that exists is taken for a new config of it, as in a PUT
 * @param config its config
 * @param records after how many records to end, 1 to {@value #RECORDS_MAX}
 * @param time after how long to end, 1 s to 60 s
 */
public record PreviewRequest(String name, Map<String, String> config, int records, Duration time) {

    public static final int RECORDS_DEFAULT = 10;
    public static final int RECORDS_MAX = 1_000;
    public static final int SECONDS_DEFAULT = 10;
    public static final int SECONDS_MAX = 60;

    /**
     * @throws RequestRefused when a bound is not kept
     */
    public PreviewRequest {
        config = Map.copyOf(config);
        requireWithin("records", records, RECORDS_MAX);
        requireWithin("seconds", time.toSeconds(), SECONDS_MAX);
    }

    private static void requireWithin(String what, long value, int max) {
        if (value < 1 || value > max) {
            throw new RequestRefused(Reason.INVALID, "\"%s\" must be a number from 1 to %d".formatted(what, max));
        }
    }
}
