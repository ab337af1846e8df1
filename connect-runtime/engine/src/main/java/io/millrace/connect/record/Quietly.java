package io.millrace.connect.record;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps of an ending: each is tried, and none keeps the next from being tried. */
public final class Quietly {

    private static final Logger LOG = LoggerFactory.getLogger(Quietly.class);

    private Quietly() {}

    /** Work that may fail in any way. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Runs the work and logs what it throws: plugins may throw anything. An interrupt stays set on the thread. */
    public static void run(String what, Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            LOG.atWarn().addKeyValue("what", what).setCause(e).log("a step of the stop failed");
        }
    }
}
