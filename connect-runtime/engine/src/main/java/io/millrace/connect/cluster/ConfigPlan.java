package io.millrace.connect.cluster;

import io.millrace.connect.plugin.ConnectorSettings.TopicGroup;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a config would change, secrets masked. Nothing of it is done.
 *
 * @param created whether there is no such connector yet
 * @param changes by key, in order; empty: the config is the one that counts
 * @param restarted the numbers of the tasks that would end and start anew
 * @param topics what becomes of topics; nothing is known of them while there are errors
 * @param errors what is wrong with it, one message each; then it cannot be stored
 * @param warnings what may be wrong with it
 */
public record ConfigPlan(
        boolean created,
        Map<String, Change> changes,
        List<Integer> restarted,
        Topics topics,
        List<String> errors,
        List<String> warnings) {

    /**
     * What becomes of one key.
     *
     * @param from null: the key is added
     * @param to null: the key is removed
     */
    public record Change(@Nullable String from, @Nullable String to) {}

    /**
     * What becomes of topics.
     *
     * @param made those that would be made, by the connector's config
     * @param missing those that a sink is to read and that do not exist
     * @param groups how topics are made that a source comes to write to, the first that takes one in counts
     */
    public record Topics(List<String> made, List<String> missing, List<TopicGroup> groups) {}
}
