package io.millrace.log.types;

import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The loggers of this process and their levels, of which Kafka's names are told and taken. A level that is changed is
 * forgotten when the process ends. Thread-safe.
 */
public interface Loggers {

    /** Where nothing is logged. */
    Loggers NONE = new Loggers() {
        @Override
        public SortedMap<String, String> levels() {
            return Collections.emptySortedMap();
        }

        @Override
        public void set(String logger, @Nullable String level) {
            throw new IllegalArgumentException("there is no logger " + logger);
        }
    };

    /** The name of the logger above all others. */
    String ROOT = "root";

    /** What is in force for each logger, by its name. */
    SortedMap<String, String> levels();

    /**
     * Changes the level of a logger.
     *
     * @param logger one of {@link #levels}
     * @param level one of {@link org.apache.kafka.common.config.LogLevelConfig#VALID_LOG_LEVELS}; null for that of the
     *     logger above, which the root logger has none of
     */
    void set(String logger, @Nullable String level);
}
