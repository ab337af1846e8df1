package io.millrace.log.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What Kafka's consumers log of their groups: kept, not printed, to be read when a test goes wrong. */
final class GroupNews implements AutoCloseable {

    private static final int LINES_MAX = 40;

    private final Logger logger = (Logger) LoggerFactory.getLogger("org.apache.kafka.clients.consumer.internals");
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> news = new ListAppender<>();

    GroupNews() {
        news.start();
        logger.addAppender(news);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    /** The last that was logged of one of these words, a line each. */
    String of(List<String> words) {
        List<String> lines = List.copyOf(news.list).stream()
                .map(each -> each.getInstant() + " " + each.getFormattedMessage())
                .filter(line -> words.stream().anyMatch(line::contains))
                .toList();
        return lines.stream().skip(Math.max(0, lines.size() - LINES_MAX)).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        logger.detachAppender(news);
        logger.setAdditive(true);
        logger.setLevel(before);
    }
}
