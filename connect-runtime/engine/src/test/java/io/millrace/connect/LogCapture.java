package io.millrace.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the process logs at INFO and above while this is open, as a log file would have it; it goes nowhere else. */
final class LogCapture implements AutoCloseable {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger clients = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    private final Level rootLevel = root.getLevel();
    private final Level clientsLevel = clients.getLevel();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final String name = "capture-" + System.identityHashCode(this);

    LogCapture() {
        LoggerContext context = root.getLoggerContext();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %logger %msg %kvp %mdc%n%ex{full}");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.setOutputStream(written);
        appender.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.addAppender(appender);
        root.setLevel(Level.INFO);
        clients.setLevel(Level.INFO);
    }

    String text() {
        return written.toString(UTF_8);
    }

    @Override
    public void close() {
        root.detachAppender(name);
        others.forEach(root::addAppender);
        root.setLevel(rootLevel);
        clients.setLevel(clientsLevel);
    }
}
