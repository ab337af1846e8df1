package io.millrace.connect.schedule;

import java.time.Instant;

/**
 * A fire at which no run started.
 *
 * @param at when it was, or the first of them where the worker was down
 * @param obstacle why not
 */
public record Missed(Instant at, Obstacle obstacle) {

    /** What keeps a run from starting. */
    public enum Obstacle {
        /** The run before was still under way. */
        RUN_UNDER_WAY("the run before it was still under way"),
        /** Somebody has paused or stopped the connector. */
        HELD("the connector was paused or stopped"),
        /** The connector is paused by its schedule. */
        PAUSE("the connector was paused by its schedule"),
        /** The worker did not run, or its machine slept. */
        WORKER_DOWN("the worker did not run");

        private final String text;

        Obstacle(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }
}
