package io.millrace.connect.secret;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Masks secrets in whatever is logged in this process, by the runtime, by plugins or by the libraries they use: every
 * appender that is there gets a mask before it. The lines of a program that has another logging library than Logback
 * are not masked.
 *
 * <p><b>Threads.</b> Any.
 */
public final class LogMask implements AutoCloseable {

    /** Appenders belong to the process, so what is masked in them does as well. */
    private static final List<SecretWords> IN_FORCE = new CopyOnWriteArrayList<>();

    private final SecretWords words;

    private LogMask(SecretWords words) {
        this.words = words;
    }

    /** Has these secrets masked until it is closed. */
    public static LogMask of(SecretWords words) {
        IN_FORCE.add(words);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            cover(context);
        } else {
            LoggerFactory.getLogger(LogMask.class)
                    .atWarn()
                    .log("secrets are not masked in this log: the program logs by another library than Logback");
        }
        return new LogMask(words);
    }

    private static synchronized void cover(LoggerContext context) {
        for (Logger logger : context.getLoggerList()) {
            List<Appender<ILoggingEvent>> bare = new ArrayList<>();
            logger.iteratorForAppenders().forEachRemaining(appender -> {
                if (!(appender instanceof Covered)) {
                    bare.add(appender);
                }
            });
            for (Appender<ILoggingEvent> appender : bare) {
                Covered covered = new Covered(appender);
                covered.setContext(context);
                covered.setName(appender.getName());
                covered.start();
                logger.addAppender(covered);
                logger.detachAppender(appender);
            }
        }
    }

    @Override
    public void close() {
        IN_FORCE.remove(words);
    }

    static String masked(String text) {
        String shown = text;
        for (SecretWords words : IN_FORCE) {
            shown = words.masked(shown);
        }
        return shown;
    }

    /** An appender that sees only masked events. */
    private static final class Covered extends AppenderBase<ILoggingEvent> {

        private final Appender<ILoggingEvent> appender;

        Covered(Appender<ILoggingEvent> appender) {
            this.appender = appender;
        }

        @Override
        protected void append(ILoggingEvent event) {
            appender.doAppend(new MaskedEvent(event));
        }

        @Override
        public void stop() {
            super.stop();
            appender.stop();
        }
    }
}
