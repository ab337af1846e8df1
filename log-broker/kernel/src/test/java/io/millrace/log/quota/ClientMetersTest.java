package io.millrace.log.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.QuotaEntity;
import io.millrace.log.metadata.QuotaKeys;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientMetersTest {

    /** Ten windows before the running one, a second each. */
    private static final long WINDOWS_MS = 10_000;

    /** Long enough after the beginning of time for every bucket to be full. */
    private static final long NOW = 1_000_000;

    private final BrokerSettings settings = BrokerSettings.defaults();
    private final ClientMeters meters = new ClientMeters(settings);

    private static ClientQuota bytes(String clientId, double limit) {
        return new ClientQuota(QuotaKeys.PRODUCE_BYTES, new QuotaEntity(null, clientId, null), limit);
    }

    private static ClientQuota changes(double limit) {
        return new ClientQuota(QuotaKeys.MUTATIONS, new QuotaEntity(null, "app", null), limit);
    }

    @Test
    void aClientWithinItsRateIsNotHeldBack() {
        ClientQuota quota = bytes("app", 100);

        for (long now = 0; now < 60_000; now += 1000) {
            assertThat(meters.charge(quota, 90, now)).isZero();
        }
    }

    @Test
    void aClientAboveItsRateIsHeldBackUntilItIsDownToIt() {
        ClientQuota quota = bytes("app", 100);

        // 2000 bytes in windows of 10 seconds are 200 a second: as much again as it may.
        assertThat(meters.charge(quota, 2000, 0)).isEqualTo(WINDOWS_MS);
        assertThat(meters.charge(quota, 0, WINDOWS_MS + 2000)).isZero();
    }

    @Test
    void whatIsGivenBackDoesNotCount() {
        ClientQuota quota = bytes("app", 100);
        long _ = meters.charge(quota, 2000, 0);

        meters.giveBack(quota, 2000, 0);

        assertThat(meters.charge(quota, 500, 0)).isZero();
    }

    @Test
    void clientsAreMeasuredApart() {
        assertThat(meters.charge(bytes("app", 100), 2000, 0)).isPositive();
        assertThat(meters.charge(bytes("other", 100), 900, 0)).isZero();
    }

    @Test
    void aLimitThatIsChangedCountsAtOnceForWhatWasTakenBefore() {
        long _ = meters.charge(bytes("app", 1000), 5000, 0);

        assertThat(meters.charge(bytes("app", 100), 0, 0)).isPositive();
        assertThat(meters.charge(bytes("app", 1000), 0, 0)).isZero();
    }

    @Test
    void theWindowsAreThoseOfTheBroker() {
        ClientMeters short3 = new ClientMeters(
                BrokerSettings.of(Map.of(BrokerSettings.QUOTA_SAMPLES, "4", BrokerSettings.QUOTA_WINDOW, "1")));

        // 600 bytes in 3 seconds are 200 a second.
        assertThat(short3.charge(bytes("app", 100), 600, 0)).isEqualTo(3000);
        assertThat(ClientMeters.windowMax(settings, bytes("app", 100))).isEqualTo(1000);
        assertThat(ClientMeters.requestThrottleMillisMax(settings)).isEqualTo(1000);
    }

    @Test
    void changesWithoutAQuotaAreFree() {
        ClientMeters.Changes changes = meters.changes(null, true, NOW);

        assertThat(changes.take(1_000_000)).isTrue();
        assertThat(changes.throttleMillis()).isZero();
    }

    @Test
    void aBurstOfChangesIsAllowedAndPaidForAfterwards() {
        // The bucket holds what eleven seconds bring: 22 changes at 2 a second.
        ClientMeters.Changes burst = meters.changes(changes(2), true, NOW);

        assertThat(burst.take(30)).isTrue();
        assertThat(burst.take(1)).isFalse();
        assertThat(burst.throttleMillis()).isEqualTo(4000);
        assertThat(meters.changes(changes(2), true, NOW + burst.throttleMillis())
                        .take(1))
                .isTrue();
    }

    @Test
    void changesOfOldClientsAreNotRefused() {
        ClientMeters.Changes lenient = meters.changes(changes(2), false, NOW);

        assertThat(lenient.take(30)).isTrue();
        assertThat(lenient.take(30)).isTrue();
        assertThat(lenient.throttleMillis()).isGreaterThan(15_000);
    }

    @Test
    void theWindowsOfChangesAreThoseOfTheController() {
        ClientMeters narrow = new ClientMeters(BrokerSettings.of(
                Map.of(BrokerSettings.CONTROLLER_QUOTA_SAMPLES, "2", BrokerSettings.CONTROLLER_QUOTA_WINDOW, "1")));

        // The bucket holds 2 windows of a second: 4 changes at 2 a second.
        ClientMeters.Changes burst = narrow.changes(changes(2), true, NOW);

        assertThat(burst.take(5)).isTrue();
        assertThat(burst.take(1)).isFalse();
    }
}
