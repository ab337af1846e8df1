package io.millrace.log.quota;

import io.millrace.log.metadata.ClusterSettings;
import io.millrace.log.metadata.QuotaEntity;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The quota that a client is held to.
 *
 * @param key one of {@link io.millrace.log.metadata.QuotaKeys}
 * @param holder who shares it: everybody of this user, of this client id, or of this user with this client id
 * @param limit per second
 */
public record ClientQuota(String key, QuotaEntity holder, double limit) {

    /** Whose meter is used: that of a key and a holder, whatever the limit. */
    record Meter(String key, QuotaEntity holder) implements Comparable<Meter> {

        private static final Comparator<Meter> ORDER =
                Comparator.comparing(Meter::key).thenComparing(Meter::holder);

        @Override
        public int compareTo(Meter other) {
            return ORDER.compare(this, other);
        }
    }

    Meter meter() {
        return new Meter(key, holder);
    }

    /** Which of {@code shards} has the meter. */
    public int shard(int shards) {
        return Math.floorMod(meter().hashCode(), shards);
    }

    /**
     * The quota of a client, null if it has none. Of several that match, the most special one counts: a user by name
     * comes before the default user, and that before no user; likewise with the client id, but a quota that names the
     * user comes before one that does not.
     */
    public static @Nullable ClientQuota find(ClusterSettings settings, String key, String user, String clientId) {
        Map<QuotaEntity, Map<String, Double>> quotas = settings.quotas();
        if (quotas.isEmpty()) {
            return null;
        }
        for (Rule rule : Rule.values()) {
            QuotaEntity entity = rule.entity(user, clientId);
            Double limit = quotas.getOrDefault(entity, Map.of()).get(key);
            if (limit != null) {
                QuotaEntity holder = new QuotaEntity(
                        entity.user() == null ? null : user, entity.clientId() == null ? null : clientId, null);
                return new ClientQuota(key, holder, limit);
            }
        }
        return null;
    }

    /** The entities that match a client, the one that counts first. */
    private enum Rule {
        USER_AND_CLIENT(true, false, true, false),
        USER_AND_ANY_CLIENT(true, false, true, true),
        USER(true, false, false, false),
        ANY_USER_AND_CLIENT(true, true, true, false),
        ANY_USER_AND_ANY_CLIENT(true, true, true, true),
        ANY_USER(true, true, false, false),
        CLIENT(false, false, true, false),
        ANY_CLIENT(false, false, true, true);

        private final boolean ofUser;
        private final boolean anyUser;
        private final boolean ofClient;
        private final boolean anyClient;

        Rule(boolean ofUser, boolean anyUser, boolean ofClient, boolean anyClient) {
            this.ofUser = ofUser;
            this.anyUser = anyUser;
            this.ofClient = ofClient;
            this.anyClient = anyClient;
        }

        QuotaEntity entity(String user, String clientId) {
            return new QuotaEntity(part(ofUser, anyUser, user), part(ofClient, anyClient, clientId), null);
        }

        private static @Nullable String part(boolean used, boolean any, String name) {
            if (!used) {
                return null;
            }
            return any ? QuotaEntity.DEFAULT : name;
        }
    }
}
