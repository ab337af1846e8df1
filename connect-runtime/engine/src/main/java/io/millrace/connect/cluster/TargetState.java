package io.millrace.connect.cluster;

import java.util.Locale;
import java.util.Optional;

/** What a connector should be doing, whatever it does. */
public enum TargetState {
    STARTED,
    PAUSED,
    STOPPED;

    /** As Kafka Connect names it in its newer records and in REST bodies. */
    String v2() {
        return this == STARTED ? "RUNNING" : name();
    }

    /** As it names it in its older records, which know no STOPPED. */
    String v1() {
        return this == STARTED ? "STARTED" : "PAUSED";
    }

    /** Reads either name, in any case. */
    public static Optional<TargetState> parse(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "STARTED", "RUNNING" -> Optional.of(STARTED);
            case "PAUSED" -> Optional.of(PAUSED);
            case "STOPPED" -> Optional.of(STOPPED);
            default -> Optional.empty();
        };
    }
}
