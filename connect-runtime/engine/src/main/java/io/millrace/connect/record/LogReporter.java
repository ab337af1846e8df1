package io.millrace.connect.record;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs every record that could not be handled, never with its content. */
public final class LogReporter<T> implements ErrorReporter<T> {

    private static final Logger LOG = LoggerFactory.getLogger(LogReporter.class);

    private final String taskName;
    private final boolean withPosition;

    public LogReporter(String taskName, boolean withPosition) {
        this.taskName = taskName;
        this.withPosition = withPosition;
    }

    @Override
    public void report(Attempt<T> attempt, RecordFailure failure) {
        LoggingEventBuilder event = LOG.atError()
                .addKeyValue("task", taskName)
                .addKeyValue("stage", failure.stage())
                .addKeyValue("class", failure.executing().getName())
                .setCause(failure.error());
        if (withPosition) {
            event = event.addKeyValue("record", attempt.position());
        }
        event.log("a record could not be handled");
    }
}
