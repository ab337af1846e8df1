package io.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the log to a file, for verbs that draw on the terminal. */
final class LogFile {

    private LogFile() {}

    /** Must come before anything logs: the logging library reads its configuration once. */
    static void use(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        System.setProperty("millrace.log.file", file.toString());
        System.setProperty("logback.configurationFile", "logback-file.xml");
    }
}
