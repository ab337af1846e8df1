package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.QuotaAlteration.Alteration;
import io.millrace.log.metadata.QuotaAlteration.Altered;
import io.millrace.log.metadata.QuotaAlteration.Change;
import io.millrace.log.metadata.QuotaAlteration.Part;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaAlterationTest {

    private static final List<Part> ANN = List.of(new Part("user", "ann"));
    private static final QuotaEntity ANN_STORED = new QuotaEntity("ann", null, null);

    private final ClusterImage image = ClusterImage.empty()
            .apply(List.of(new MetadataRecord.ClientQuotaSet(ANN_STORED, Map.of(QuotaKeys.PRODUCE_BYTES, 1000.0))));

    private static Alteration alteration(List<Part> entity, Change... changes) {
        return new Alteration(entity, List.of(changes));
    }

    private Altered altered(List<Part> entity, Change... changes) {
        return QuotaAlteration.decide(image, List.of(alteration(entity, changes)), false)
                .answer()
                .getFirst();
    }

    private Map<QuotaEntity, Map<String, Double>> after(List<Part> entity, Change... changes) {
        return image.apply(QuotaAlteration.decide(image, List.of(alteration(entity, changes)), false)
                        .records())
                .settings()
                .quotas();
    }

    @Test
    void changesOneQuotaAndKeepsTheOthers() {
        assertThat(after(ANN, new Change(QuotaKeys.FETCH_BYTES, 5.0)).get(ANN_STORED))
                .containsExactly(Map.entry(QuotaKeys.FETCH_BYTES, 5.0), Map.entry(QuotaKeys.PRODUCE_BYTES, 1000.0));
    }

    @Test
    void forgetsAnEntityWithoutQuotas() {
        assertThat(after(ANN, new Change(QuotaKeys.PRODUCE_BYTES, null))).isEmpty();
    }

    @Test
    void changesNothingWhenItOnlyValidates() {
        Alteration alteration = alteration(ANN, new Change(QuotaKeys.FETCH_BYTES, 5.0));

        Decision<List<Altered>> decision = QuotaAlteration.decide(image, List.of(alteration), true);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.answer().getFirst().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void keepsTheDefaultApartFromEveryName() {
        List<Part> anyClient = List.of(new Part("user", "bob"), new Part("client-id", null));

        assertThat(after(anyClient, new Change(QuotaKeys.REQUEST_PERCENT, 12.5)))
                .containsEntry(
                        new QuotaEntity("bob", QuotaEntity.DEFAULT, null), Map.of(QuotaKeys.REQUEST_PERCENT, 12.5));
    }

    @Test
    void keepsAnAddressAsConnectionsShowIt() {
        assertThat(after(List.of(new Part("ip", "::1")), new Change(QuotaKeys.CONNECTION_RATE, 3.0)))
                .containsKey(new QuotaEntity(null, null, "0:0:0:0:0:0:0:1"));
    }

    @Test
    void refusesOneAlterationAndCarriesOutTheOthers() {
        Decision<List<Altered>> decision = QuotaAlteration.decide(
                image,
                List.of(
                        alteration(List.of(new Part("user", "bob")), new Change("speed", 1.0)),
                        alteration(List.of(new Part("user", "cid")), new Change(QuotaKeys.MUTATIONS, 0.5))),
                false);

        assertThat(decision.answer()).extracting(Altered::error).containsExactly(Errors.INVALID_REQUEST, Errors.NONE);
        assertThat(decision.records()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "user, bob, speed, 1, Invalid configuration key speed",
        "user, bob, producer_byte_rate, 0, must be greater than 0",
        "user, bob, producer_byte_rate, -1, must be greater than 0",
        "user, bob, producer_byte_rate, NaN, must be greater than 0",
        "user, bob, producer_byte_rate, 1.5, fractional",
        "user, bob, producer_byte_rate, 1e30, too large",
        "user, bob, connection_creation_rate, 5, Invalid configuration key connection_creation_rate",
        "ip, 10.0.0.7, connection_creation_rate, 3e9, too large",
        "ip, 10.0.0.7, producer_byte_rate, 5, Invalid configuration key producer_byte_rate",
        "ip, nowhere, connection_creation_rate, 5, not a valid IP address",
        "group, g, producer_byte_rate, 5, Unhandled client quota entity type",
        "user, '', producer_byte_rate, 5, Empty user not supported",
    })
    void refusesWhatNoQuotaCanBe(String type, @Nullable String name, String key, double value, String message) {
        Altered altered = altered(List.of(new Part(type, name)), new Change(key, value));

        assertThat(altered.error()).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(altered.message()).contains(message);
    }

    @Test
    void refusesEntitiesThatAreNone() {
        Change change = new Change(QuotaKeys.PRODUCE_BYTES, 5.0);
        Part address = new Part("ip", "10.0.0.7");

        assertThat(altered(List.of(), change).error()).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(altered(List.of(ANN.getFirst(), address), change).error()).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(altered(List.of(ANN.getFirst(), ANN.getFirst()), change).error())
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void refusesToChangeTheSameThingTwice() {
        Change five = new Change(QuotaKeys.FETCH_BYTES, 5.0);
        Change six = new Change(QuotaKeys.FETCH_BYTES, 6.0);

        List<Altered> twice = QuotaAlteration.decide(image, List.of(alteration(ANN, five), alteration(ANN, six)), false)
                .answer();

        assertThat(altered(ANN, five, six).error()).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(twice).extracting(Altered::error).containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
    }

    @Test
    void survivesASnapshot() {
        ClusterImage changed = image.apply(QuotaAlteration.decide(
                        image, List.of(alteration(ANN, new Change(QuotaKeys.REQUEST_PERCENT, 0.25))), false)
                .records());

        List<MetadataRecord> read = MetadataCodec.decode(MetadataCodec.encode(changed.snapshot()));

        assertThat(ClusterImage.empty().apply(read).settings().quotas())
                .isEqualTo(changed.settings().quotas());
    }
}
