package io.millrace.log.metadata;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client quota is for (KIP-546): a user, a client id, both, or an address. Of each part, null says nothing, and
 * {@link #DEFAULT} stands for everybody who has no quota by name.
 */
public record QuotaEntity(
        @Nullable String user,
        @Nullable String clientId,
        @Nullable String ip) implements Comparable<QuotaEntity> {

    /** No user, client id or address is named so. */
    public static final String DEFAULT = "";

    private static final Comparator<@Nullable String> PART = Comparator.nullsFirst(Comparator.naturalOrder());
    private static final Comparator<QuotaEntity> ORDER = Comparator.comparing(QuotaEntity::user, PART)
            .thenComparing(QuotaEntity::clientId, PART)
            .thenComparing(QuotaEntity::ip, PART);

    @Override
    public int compareTo(QuotaEntity other) {
        return ORDER.compare(this, other);
    }
}
