package io.millrace.log.api;

import io.millrace.log.metadata.ConfigAlteration;
import io.millrace.log.metadata.ConfigAlteration.Alteration;
import io.millrace.log.metadata.ConfigAlteration.Altered;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.metadata.ConfiguredResource;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** The changes of configs that a request asks for, each resource by itself. */
final class ConfigChanges {

    /** A resource as a request names it. */
    record Named(byte type, String name) implements Comparable<Named> {

        @Override
        public int compareTo(Named other) {
            int byType = Byte.compare(type, other.type);
            return byType != 0 ? byType : name.compareTo(other.name);
        }
    }

    /** A resource and what became of it. */
    record Result(Named resource, Altered altered) {}

    private final LocalShard shard;
    private final boolean replaceAll;
    private final Map<Named, Altered> refused = new TreeMap<>();
    private final Map<Named, List<Edit>> edits = new TreeMap<>();

    /** @param replaceAll configs that no edit names are unset */
    ConfigChanges(LocalShard shard, boolean replaceAll) {
        this.shard = shard;
        this.replaceAll = replaceAll;
    }

    void add(Named resource, List<Edit> changes) {
        if (edits.put(resource, changes) != null) {
            refuse(resource, "Each resource must appear at most once.");
        }
    }

    void refuse(Named resource, String problem) {
        edits.putIfAbsent(resource, List.of());
        refused.put(resource, new Altered(Errors.INVALID_REQUEST, problem));
    }

    Promise<List<Result>> decide(boolean validateOnly) {
        List<Promise<Result>> results = new ArrayList<>();
        edits.forEach((resource, changes) -> {
            Altered refusal = refused.get(resource);
            Promise<Altered> altered = refusal == null ? decide(resource, changes, validateOnly) : Promise.of(refusal);
            results.add(altered.map(done -> new Result(resource, done)));
        });
        return Promise.all(results);
    }

    private Promise<Altered> decide(Named resource, List<Edit> changes, boolean validateOnly) {
        if (ConfigResource.Type.forId(resource.type()) == ConfigResource.Type.BROKER_LOGGER && !replaceAll) {
            return Promise.of(LoggerConfigs.alter(shard, resource.name(), changes, validateOnly));
        }
        Alteration alteration = new Alteration(
                new ConfiguredResource(ConfigResource.Type.forId(resource.type()), resource.name()),
                replaceAll,
                changes);
        return shard.decide(
                image -> ConfigAlteration.decide(image, shard.groupConfig(), alteration, validateOnly),
                reason -> new Altered(Errors.REQUEST_TIMED_OUT, reason));
    }
}
