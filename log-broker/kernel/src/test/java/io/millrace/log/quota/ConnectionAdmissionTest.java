package io.millrace.log.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.MetadataRecord;
import io.millrace.log.metadata.QuotaEntity;
import io.millrace.log.metadata.QuotaKeys;
import io.millrace.log.quota.ConnectionAdmission.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConnectionAdmissionTest {

    private static final String CLIENT = "10.0.0.7";
    private static final String OTHER = "10.0.0.8";

    private static ConnectionAdmission with(String... configs) {
        Map<String, String> set = new TreeMap<>();
        for (int i = 0; i < configs.length; i += 2) {
            set.put(configs[i], configs[i + 1]);
        }
        return new ConnectionAdmission(BrokerSettings.of(set));
    }

    private static void quota(ConnectionAdmission admission, String ip, double rate) {
        QuotaEntity entity = new QuotaEntity(null, null, ip);
        ClusterImage image = ClusterImage.empty()
                .apply(List.of(new MetadataRecord.ClientQuotaSet(entity, Map.of(QuotaKeys.CONNECTION_RATE, rate))));
        admission.configure(BrokerSettings.defaults(), image.settings());
    }

    @Test
    void refusesWhatIsBeyondTheLimitOfTheBrokerUntilOneEnds() {
        ConnectionAdmission admission = with(BrokerSettings.CONNECTIONS_MAX, "2");

        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Refused.class);
        admission.closed(CLIENT);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
    }

    @Test
    void limitsEachAddressByItselfAndSomeByTheirOwnNumber() {
        ConnectionAdmission admission = with(
                BrokerSettings.CONNECTIONS_PER_IP_MAX, "1", BrokerSettings.CONNECTIONS_PER_IP_OVERRIDES, OTHER + ":2");

        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Refused.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void pausesAcceptingWhenConnectionsComeFasterThanTheBrokerTakesThem() {
        ConnectionAdmission admission = with(BrokerSettings.CONNECTION_RATE_MAX, "5");

        long pause = 0;
        int taken = 0;
        while (pause == 0) {
            assertThat(admission.opened(CLIENT, 1_000)).isInstanceOf(Verdict.Taken.class);
            pause = admission.opened(CLIENT, 1_000) instanceof Verdict.Taken(long millis) ? millis : -1;
            taken += 2;
        }

        // Ten windows of a second hold five connections each.
        assertThat(taken).isBetween(50, 56);
        assertThat(pause).isBetween(1L, 1_000L);
    }

    @Test
    void throttlesAnAddressThatConnectsTooOftenAndNobodyElse() {
        ConnectionAdmission admission = with();
        quota(admission, CLIENT, 1);
        for (int i = 0; i < 10; i++) {
            assertThat(admission.opened(CLIENT, 5_000)).isInstanceOf(Verdict.Taken.class);
        }

        assertThat(admission.opened(CLIENT, 5_000))
                .isInstanceOfSatisfying(
                        Verdict.Throttled.class,
                        throttled -> assertThat(throttled.millis()).isBetween(1L, 1_000L));
        assertThat(admission.opened(OTHER, 5_000)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(CLIENT, 16_001)).isInstanceOf(Verdict.Taken.class);
    }

    @Test
    void holdsEveryAddressWithoutAQuotaOfItsOwnToTheDefault() {
        ConnectionAdmission admission = with();
        quota(admission, QuotaEntity.DEFAULT, 1);
        for (int i = 0; i < 10; i++) {
            admission.opened(CLIENT, 0);
        }

        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Throttled.class);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
    }

    @Test
    void countsConnectionsThatAreHeldBackUntilTheyEnd() {
        ConnectionAdmission admission = with();
        quota(admission, CLIENT, 0.1);
        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Taken.class);
        assertThat(admission.opened(CLIENT, 0)).isInstanceOf(Verdict.Throttled.class);
        admission.configure(
                BrokerSettings.of(Map.of(BrokerSettings.CONNECTIONS_MAX, "2")),
                ClusterImage.empty().settings());

        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Refused.class);
        admission.closed(CLIENT);
        assertThat(admission.opened(OTHER, 0)).isInstanceOf(Verdict.Taken.class);
    }
}
