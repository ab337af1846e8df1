package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What operators have set for the cluster beside its topics: configs of brokers and other resources, quotas of
 * clients, and how passwords are checked. Immutable, part of a {@link ClusterImage}.
 */
public final class ClusterSettings {

    static final ClusterSettings EMPTY = new ClusterSettings(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private final SortedMap<ConfiguredResource, Map<String, String>> configs;
    private final SortedMap<QuotaEntity, Map<String, Double>> quotas;
    private final SortedMap<ScramLogin, ScramSecret> scram;

    private ClusterSettings(
            SortedMap<ConfiguredResource, Map<String, String>> configs,
            SortedMap<QuotaEntity, Map<String, Double>> quotas,
            SortedMap<ScramLogin, ScramSecret> scram) {
        this.configs = configs;
        this.quotas = quotas;
        this.scram = scram;
    }

    /** What is set for a resource, by key; empty if nothing is. */
    public Map<String, String> configs(ConfigResource.Type type, String name) {
        return configs.getOrDefault(new ConfiguredResource(type, name), Map.of());
    }

    /** The names of all resources of a type that have configs, in order. */
    public List<String> configured(ConfigResource.Type type) {
        return configs.keySet().stream()
                .filter(resource -> resource.type() == type)
                .map(ConfiguredResource::name)
                .toList();
    }

    /** Quotas by key, of everybody who has some, in order. */
    public Map<QuotaEntity, Map<String, Double>> quotas() {
        return quotas;
    }

    /** How passwords are checked, by user and mechanism, in order. */
    public Map<ScramLogin, ScramSecret> scram() {
        return scram;
    }

    ClusterSettings apply(MetadataRecord.Setting setting) {
        return switch (setting) {
            case MetadataRecord.ResourceConfigured configured ->
                new ClusterSettings(with(configs, configured.resource(), configured.configs()), quotas, scram);
            case MetadataRecord.ClientQuotaSet quota ->
                new ClusterSettings(configs, with(quotas, quota.entity(), quota.quotas()), scram);
            case MetadataRecord.ScramSecretSet set ->
                new ClusterSettings(configs, quotas, withSecret(set.login(), set.secret()));
        };
    }

    /** Records that make these settings from none. */
    List<MetadataRecord> snapshot() {
        List<MetadataRecord> records = new ArrayList<>();
        configs.forEach((resource, set) -> records.add(new MetadataRecord.ResourceConfigured(resource, set)));
        quotas.forEach((entity, set) -> records.add(new MetadataRecord.ClientQuotaSet(entity, set)));
        scram.forEach((login, secret) -> records.add(new MetadataRecord.ScramSecretSet(login, secret)));
        return records;
    }

    private SortedMap<ScramLogin, ScramSecret> withSecret(ScramLogin login, @Nullable ScramSecret secret) {
        SortedMap<ScramLogin, ScramSecret> changed = new TreeMap<>(scram);
        if (secret == null) {
            changed.remove(login);
        } else {
            changed.put(login, secret);
        }
        return Sorted.copyOf(changed);
    }

    private static <K extends Comparable<K>, V> SortedMap<K, Map<String, V>> with(
            SortedMap<K, Map<String, V>> all, K key, Map<String, V> set) {
        SortedMap<K, Map<String, V>> changed = new TreeMap<>(all);
        if (set.isEmpty()) {
            changed.remove(key);
        } else {
            changed.put(key, set);
        }
        return Sorted.copyOf(changed);
    }
}
