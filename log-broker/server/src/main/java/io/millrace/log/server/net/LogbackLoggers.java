package io.millrace.log.server.net;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.millrace.log.types.Loggers;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The loggers of a process that logs through Logback, as slf4j has no way to levels. FATAL counts as ERROR there. */
final class LogbackLoggers implements Loggers {

    private final LoggerContext context;

    private LogbackLoggers(LoggerContext context) {
        this.context = context;
    }

    /** Those of this process; none if it logs through something else. */
    static Loggers ofThisProcess() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                ? new LogbackLoggers(context)
                : Loggers.NONE;
    }

    @Override
    public SortedMap<String, String> levels() {
        SortedMap<String, String> levels = new TreeMap<>();
        for (Logger each : context.getLoggerList()) {
            boolean root = each.getName().equals(Logger.ROOT_LOGGER_NAME);
            levels.put(root ? ROOT : each.getName(), each.getEffectiveLevel().toString());
        }
        return levels;
    }

    @Override
    public void set(String logger, @Nullable String level) {
        context.getLogger(logger.equals(ROOT) ? Logger.ROOT_LOGGER_NAME : logger)
                .setLevel(level == null ? null : Level.toLevel(level, Level.ERROR));
    }
}
