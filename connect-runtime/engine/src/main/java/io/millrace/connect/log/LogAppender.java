package io.millrace.connect.log;

import java.time.Duration;
import java.util.List;

/**
 * Writes records to the log. Records of one appender that go to the same partition keep their order, and none is
 * stored twice by a retry.
 *
 * <p><b>Threads.</b> Any thread may append; the listener is called on a thread of the appender.
 */
public interface LogAppender extends AutoCloseable {

    /**
     * Hands the batch over and returns, usually before it is stored. Blocks while the appender's buffer is full: that
     * is the back-pressure. Every failure reaches the listener; this method throws nothing for a record.
     */
    void append(List<OutgoingRecord> batch, AppendListener listener);

    /** Sends what waits for more company, and returns when everything appended before has been answered. */
    void flush();

    /** Waits at most {@code timeout} for what is under way; what is then unanswered is failed to its listener. */
    void close(Duration timeout);

    @Override
    default void close() {
        close(Duration.ofSeconds(5));
    }
}
