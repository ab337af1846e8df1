package io.millrace.demo;

import io.millrace.log.server.HostPort;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a demo is asked for.
 *
 * @param rows end by itself after so many changes, and reconcile; endless if absent
 * @param rowsPerSecond changes a second; 0 for as fast as can be
 */
public record DemoConfig(
        Path dataDir,
        HostPort kafkaListen,
        HostPort restListen,
        OptionalLong rows,
        long rowsPerSecond,
        boolean fresh) {}
