package io.millrace.demo;

import io.millrace.log.server.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Utils;

/** Runs a small demo in a directory that is thrown away: what bundled connectors need for their first records. */
public final class DemoRehearsal {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    private static final long ROWS = 2000;

    private DemoRehearsal() {}

    /**
     * Rehearses once; takes seconds.
     *
     * @throws io.millrace.platform.UserError if the embedded PostgreSQL does not run on this machine
     */
    public static void run() throws Exception {
        Path directory = Files.createTempDirectory("millrace-rehearsal");
        DemoConfig config = new DemoConfig(directory, ANY_PORT, ANY_PORT, OptionalLong.of(ROWS), 0, false);
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            boolean equal = new Demo(config, nowhere).run();
            if (!equal) {
                throw new IOException("the rehearsed demo did not reconcile");
            }
        } finally {
            Utils.delete(directory.toFile());
        }
    }
}
