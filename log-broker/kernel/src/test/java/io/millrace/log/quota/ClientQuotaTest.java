package io.millrace.log.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.ClusterSettings;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.metadata.QuotaEntity;
import io.millrace.log.metadata.QuotaKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientQuotaTest {

    private static final String ANY = QuotaEntity.DEFAULT;

    private final List<MetadataRecord> records = new ArrayList<>();

    private void set(@Nullable String user, @Nullable String clientId, double rate) {
        records.add(new MetadataRecord.ClientQuotaSet(
                new QuotaEntity(user, clientId, null), Map.of(QuotaKeys.PRODUCE_BYTES, rate)));
    }

    private @Nullable ClientQuota find(String user, String clientId) {
        ClusterSettings settings = ClusterImage.empty().apply(records).settings();
        return ClientQuota.find(settings, QuotaKeys.PRODUCE_BYTES, user, clientId);
    }

    private static ClientQuota quota(@Nullable String user, @Nullable String clientId, double rate) {
        return new ClientQuota(QuotaKeys.PRODUCE_BYTES, new QuotaEntity(user, clientId, null), rate);
    }

    @Test
    void isNoneWhereNothingMatches() {
        assertThat(find("ann", "app")).isNull();

        set("bob", null, 1);
        set(null, "other", 2);
        set("ann", "other", 3);

        assertThat(find("ann", "app")).isNull();
    }

    @Test
    void isTheMostSpecialOneThatMatches() {
        set(null, ANY, 1);
        assertThat(find("ann", "app")).isEqualTo(quota(null, "app", 1));
        set(null, "app", 2);
        assertThat(find("ann", "app")).isEqualTo(quota(null, "app", 2));
        set(ANY, null, 3);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", null, 3));
        set(ANY, ANY, 4);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", "app", 4));
        set(ANY, "app", 5);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", "app", 5));
        set("ann", null, 6);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", null, 6));
        set("ann", ANY, 7);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", "app", 7));
        set("ann", "app", 8);
        assertThat(find("ann", "app")).isEqualTo(quota("ann", "app", 8));
    }

    @Test
    void isOfOneKeyOnly() {
        set("ann", null, 6);

        ClusterSettings settings = ClusterImage.empty().apply(records).settings();

        assertThat(ClientQuota.find(settings, QuotaKeys.FETCH_BYTES, "ann", "app"))
                .isNull();
    }

    @Test
    void hasItsMeterOnTheSameShardWhateverTheLimit() {
        for (int shards = 1; shards < 9; shards++) {
            int shard = quota("ann", "app", 1).shard(shards);
            assertThat(shard).isBetween(0, shards - 1);
            assertThat(quota("ann", "app", 2).shard(shards)).isEqualTo(shard);
        }
    }
}
