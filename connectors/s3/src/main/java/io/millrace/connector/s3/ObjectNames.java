package io.millrace.connector.s3;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * The names of the files of one partition: {@code <topics.dir>/<topic>/partition=<p>/<topic>+<p>+<start offset>.<ext>}.
 *
 * @param folder ends with a slash
 * @param stem what every name in the folder begins with, up to the offset
 * @param padWidth the fewest digits of the offset
 */
record ObjectNames(String folder, String stem, int padWidth) {

    /**
     * @param topic what the topic is called in the store
     * @param logTopic what it is called in the log: a transform may have renamed it
     */
    static ObjectNames of(S3SinkConfig config, String topic, String logTopic, int partition) {
        String top = config.topicsDir().isEmpty() ? "" : config.topicsDir() + "/";
        return new ObjectNames(
                top + topic + "/partition=" + partition + "/",
                logTopic + "+" + partition + "+",
                config.offsetPadWidth());
    }

    String name(long startOffset, String extension) {
        return folder + stem + String.format("%0" + padWidth + "d", startOffset) + extension;
    }

    /** The name with the highest offset; names that are not of this partition are passed over. */
    Optional<String> last(Collection<String> names) {
        return names.stream().filter(this::isOurs).max(Comparator.comparingLong(this::startOffset));
    }

    private boolean isOurs(String name) {
        String prefix = folder + stem;
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("\\d{1,18}\\.[a-z.]+");
    }

    private long startOffset(String name) {
        String rest = name.substring(folder.length() + stem.length());
        return Long.parseLong(rest, 0, rest.indexOf('.'), 10);
    }
}
