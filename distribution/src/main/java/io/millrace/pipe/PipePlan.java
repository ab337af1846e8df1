package io.millrace.pipe;

import io.millrace.platform.ConnectorFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A pipe is two connectors. The same source and target always make the same plan, so that the same command goes on
 * where it was.
 *
 * @param warehouse the DuckDB file it writes, if it does
 * @param slot name of the replication slot and of the publication in the source
 */
record PipePlan(String name, String slot, ConnectorFile source, ConnectorFile sink, Optional<Path> warehouse) {

    static PipePlan of(PipeSource source, PipeTarget target) {
        String slot = "millrace_pipe_" + fingerprint(source, target);
        String name = slot.replace('_', '-');
        Map<String, String> sink = new LinkedHashMap<>();
        sink.put("tasks.max", "1");
        sink.put("topics.regex", source.topicPrefix() + "\\..+");
        sink.putAll(target.connector(source.topicPrefix()));
        return new PipePlan(
                name,
                slot,
                new ConnectorFile(name + "-source", source.connector(slot)),
                new ConnectorFile(name + "-sink", sink),
                target instanceof PipeTarget.DuckDb duckdb ? Optional.of(duckdb.file()) : Optional.empty());
    }

    /** Eight digits from where it starts and ends; a password that was changed makes no other pipe. */
    private static String fingerprint(PipeSource source, PipeTarget target) {
        String ends = source.jdbcUrl() + " "
                + switch (target) {
                    case PipeTarget.Folder folder -> folder.path();
                    case PipeTarget.ObjectStore store -> store.bucket() + "/" + store.prefix();
                    case PipeTarget.DuckDb duckdb -> duckdb.file();
                    case PipeTarget.Postgres postgres -> postgres.database().jdbcUrl();
                };
        return UUID.nameUUIDFromBytes(ends.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    }

    List<ConnectorFile> connectors() {
        return List.of(source, sink);
    }
}
