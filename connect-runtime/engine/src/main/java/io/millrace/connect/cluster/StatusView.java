package io.millrace.connect.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connector and its tasks are.
 *
 * @param type {@code source}, {@code sink}, or {@code unknown} while its plugin is not installed
 * @param version the version of its plugin
 */
public record StatusView(String name, String type, String version, Part connector, List<Part> tasks) {

    /**
     * The connector, or one of its tasks.
     *
     * @param id the number of the task; -1 for the connector
     * @param trace why it failed: one sentence, and the stack trace below; null unless it did
     * @param cause the sentence alone; null unless it failed here
     */
    public record Part(
            int id,
            String state,
            String workerId,
            @Nullable String trace,
            @Nullable String cause) {}
}
