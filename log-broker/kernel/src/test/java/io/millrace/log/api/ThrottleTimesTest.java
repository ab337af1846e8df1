package io.millrace.log.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.types.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThrottleTimesTest {

    /** Not keys between brokers, and not those of groups that are not served. */
    private static boolean isServedToClients(ApiKeys key) {
        return key.inScope(ApiMessageType.ListenerType.BROKER)
                && !key.clusterAction
                && !key.name.contains("Share")
                && !key.name.startsWith("Streams");
    }

    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void everyAnswerWithAPlaceForTheTimeIsKnown(ApiKeys key) {
        Schema[] versions = key.messageType.responseSchemas();
        if (isServedToClients(key) && versions.length > 0) {
            Schema newest = versions[versions.length - 1];
            boolean hasPlace = newest != null && newest.get("throttle_time_ms") != null;
            ApiMessage answer = key.messageType.newResponse();

            assertThat(ThrottleTimes.isKnown(answer.getClass())).isEqualTo(hasPlace);
        }
    }
}
