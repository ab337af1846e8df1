package io.millrace.bench.broker;

import io.millrace.bench.server.ServerProcess;
import io.millrace.bench.wire.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.locks.LockSupport;

/** Waits for a broker that starts. */
final class FirstAnswer {

    private static final long PAUSE_NANOS = 2_000_000;

    private FirstAnswer() {}

    /** Connects as soon as it listens. */
    static Topics of(ServerProcess process) throws IOException {
        while (true) {
            process.requireAlive();
            try {
                return new Topics(process.port());
            } catch (ConnectException e) {
                // It does not listen yet; one that never will ends, and is found out above.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
