package io.millrace.connect.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScheduleState} as it stands in the log, in JSON; times are in milliseconds since the epoch.
 *
 * <pre>
 * {"of": "0 0 2 * * ? UTC", "seen": 1764554400000, "refused": 0, "due": false,
 *  "missed": {"at": ..., "obstacle": "HELD"},
 *  "run": {"cause": "REQUEST", "started": ..., "outcome": "RUNNING", "records": 40},
 *  "last": {"cause": "CRON", "started": ..., "ended": ..., "outcome": "DONE", "records": 1200}}
 * </pre>
 */
public final class StateCodec {

    private StateCodec() {}

    /** For a JSON writer. */
    public static Map<String, Object> encode(ScheduleState state) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("of", state.of());
        value.put("seen", state.seen().toEpochMilli());
        value.put("refused", state.refused());
        value.put("due", state.due());
        Missed missed = state.missed();
        if (missed != null) {
            value.put(
                    "missed",
                    Map.of(
                            "at",
                            missed.at().toEpochMilli(),
                            "obstacle",
                            missed.obstacle().name()));
        }
        put(value, "run", state.run());
        put(value, "last", state.last());
        return value;
    }

    private static void put(Map<String, Object> state, String key, @Nullable Run run) {
        if (run == null) {
            return;
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("cause", run.cause().name());
        value.put("started", run.started().toEpochMilli());
        Instant ended = run.ended();
        if (ended != null) {
            value.put("ended", ended.toEpochMilli());
        }
        value.put("outcome", run.outcome().name());
        value.put("records", run.records());
        state.put(key, value);
    }

    /**
     * @throws IllegalArgumentException when a part is missing or is no such thing
     */
    public static ScheduleState decode(JsonNode value) {
        return new ScheduleState(
                value.path("of").asText(),
                time(value, "seen"),
                value.path("refused").asLong(),
                value.path("due").asBoolean(),
                missed(value.path("missed")),
                run(value.path("run")),
                run(value.path("last")));
    }

    private static @Nullable Missed missed(JsonNode value) {
        return value.isMissingNode()
                ? null
                : new Missed(
                        time(value, "at"),
                        Missed.Obstacle.valueOf(value.path("obstacle").asText()));
    }

    private static @Nullable Run run(JsonNode value) {
        return value.isMissingNode()
                ? null
                : new Run(
                        Run.Cause.valueOf(value.path("cause").asText()),
                        time(value, "started"),
                        value.has("ended") ? time(value, "ended") : null,
                        Run.Outcome.valueOf(value.path("outcome").asText()),
                        value.path("records").asLong());
    }

    private static Instant time(JsonNode of, String name) {
        JsonNode value = of.path(name);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("not a time: " + name);
        }
        return Instant.ofEpochMilli(value.longValue());
    }
}
