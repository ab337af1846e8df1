package io.millrace.log.metadata;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/** Decides on changes to client quotas (KIP-546). */
public final class QuotaAlteration {

    /** One part of an entity; a name of null stands for the default. */
    public record Part(String type, @Nullable String name) {}

    /** A new value of a quota, null to remove it. */
    public record Change(String key, @Nullable Double value) {}

    /** What is to change for one entity. */
    public record Alteration(List<Part> entity, List<Change> changes) {}

    /** What became of one alteration. */
    public record Altered(
            List<Part> entity, Errors error, @Nullable String message) {}

    /** A request that cannot be carried out. */
    private static final class Invalid extends Exception {

        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    private static final Map<String, ConfigDef.Type> CLIENT_KEYS = Map.of(
            QuotaKeys.PRODUCE_BYTES, ConfigDef.Type.LONG,
            QuotaKeys.FETCH_BYTES, ConfigDef.Type.LONG,
            QuotaKeys.REQUEST_PERCENT, ConfigDef.Type.DOUBLE,
            QuotaKeys.MUTATIONS, ConfigDef.Type.DOUBLE);
    private static final Map<String, ConfigDef.Type> ADDRESS_KEYS =
            Map.of(QuotaKeys.CONNECTION_RATE, ConfigDef.Type.INT);

    /** What a number with a fraction may be off from a whole one. */
    private static final double WHOLE = 1e-6;

    private QuotaAlteration() {}

    /** Decides on all alterations of a request, each by itself; {@code validateOnly} changes nothing. */
    public static Decision<List<Altered>> decide(
            ClusterImage image, List<Alteration> alterations, boolean validateOnly) {
        SortedMap<QuotaEntity, MetadataRecord> records = new TreeMap<>();
        List<Altered> results = new ArrayList<>();
        for (Alteration alteration : alterations) {
            Errors error = Errors.NONE;
            String message = null;
            try {
                decide(image, alteration, records);
            } catch (Invalid e) {
                error = Errors.INVALID_REQUEST;
                message = e.getMessage();
            }
            results.add(new Altered(alteration.entity(), error, message));
        }
        return validateOnly ? Decision.unchanged(results) : new Decision<>(List.copyOf(records.values()), results);
    }

    private static void decide(
            ClusterImage image, Alteration alteration, SortedMap<QuotaEntity, MetadataRecord> records) throws Invalid {
        QuotaEntity entity = entity(alteration.entity());
        if (records.containsKey(entity)) {
            throw new Invalid("The entity " + alteration.entity() + " is altered more than once.");
        }
        Map<String, ConfigDef.Type> keys = entity.ip() == null ? CLIENT_KEYS : ADDRESS_KEYS;
        Map<String, Double> now = image.settings().quotas().getOrDefault(entity, Map.of());
        Map<String, Double> quotas = new TreeMap<>(now);
        List<String> changed = new ArrayList<>();
        for (Change change : alteration.changes()) {
            if (changed.contains(change.key())) {
                throw new Invalid("The quota " + change.key() + " is altered more than once.");
            }
            changed.add(change.key());
            if (change.value() == null) {
                quotas.remove(change.key());
            } else {
                check(keys.get(change.key()), change.key(), change.value());
                quotas.put(change.key(), change.value());
            }
        }
        if (!quotas.equals(now)) {
            records.put(entity, new MetadataRecord.ClientQuotaSet(entity, quotas));
        }
    }

    private static void check(ConfigDef.@Nullable Type type, String key, double value) throws Invalid {
        if (type == null) {
            throw new Invalid("Invalid configuration key " + key);
        }
        if (!(value > 0)) {
            throw new Invalid("Quota " + key + " must be greater than 0");
        }
        if (type == ConfigDef.Type.DOUBLE) {
            return;
        }
        double max = type == ConfigDef.Type.INT ? Integer.MAX_VALUE : (double) Long.MAX_VALUE;
        if (value > max) {
            throw new Invalid("Proposed value for " + key + " is too large for " + type + ".");
        }
        if (Math.abs(value - Math.rint(value)) > WHOLE) {
            throw new Invalid(key + " cannot be a fractional value.");
        }
    }

    private static QuotaEntity entity(List<Part> parts) throws Invalid {
        SortedMap<String, String> names = new TreeMap<>();
        for (Part part : parts) {
            if (!ClientQuotaEntity.isValidEntityType(part.type())) {
                throw new Invalid("Unhandled client quota entity type: " + part.type());
            }
            if (part.name() != null && part.name().isEmpty()) {
                throw new Invalid("Empty " + part.type() + " not supported");
            }
            String name = part.name() == null ? QuotaEntity.DEFAULT : part.name();
            if (names.put(part.type(), name) != null) {
                throw new Invalid("Invalid client quota entity, duplicate entity entry " + part.type());
            }
        }
        if (names.isEmpty()) {
            throw new Invalid("Invalid empty client quota entity");
        }
        String ip = names.get(ClientQuotaEntity.IP);
        if (ip != null && names.size() > 1) {
            throw new Invalid(
                    "Invalid quota entity combination, IP entity should not be combined with User or" + " ClientId");
        }
        return new QuotaEntity(
                names.get(ClientQuotaEntity.USER),
                names.get(ClientQuotaEntity.CLIENT_ID),
                ip == null ? null : address(ip));
    }

    /** The address as connections show it: there may be several ways to write one. Names are not looked up. */
    private static String address(String ip) throws Invalid {
        if (ip.equals(QuotaEntity.DEFAULT)) {
            return ip;
        }
        try {
            return InetAddress.ofLiteral(ip).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new Invalid(ip + " is not a valid IP address.");
        }
    }
}
