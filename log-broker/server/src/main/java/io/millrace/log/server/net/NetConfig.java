package io.millrace.log.server.net;

import io.millrace.log.metadata.BrokerSettings;
import java.time.Duration;

/**
 * What clients may ask of one loop's memory and sockets.
 *
 * @param requestBytesMax largest frame; a longer one ends its connection
 * @param requestMemoryMax bytes of frames that the loop holds before it stops reading from its clients
 * @param inFlightMax requests of one connection that wait for their answer, or whose answer the client has not taken,
 *     before it is not read from any more
 * @param unsentBytesMax bytes of answers in memory that one client may leave untaken before it is not read from any
 *     more
 * @param idleMax how long a client may be silent, or leave a request half sent or an answer untaken
 */
public record NetConfig(
        int requestBytesMax, long requestMemoryMax, int inFlightMax, int unsentBytesMax, Duration idleMax) {

    public NetConfig {
        requirePositive("requestBytesMax", requestBytesMax);
        requirePositive("requestMemoryMax", requestMemoryMax);
        requirePositive("inFlightMax", inFlightMax);
        requirePositive("unsentBytesMax", unsentBytesMax);
        requirePositive("idleMax", idleMax.toMillis());
    }

    /** What the settings of a broker leave for each of its loops. */
    public static NetConfig of(BrokerSettings settings, int loops) {
        return new NetConfig(
                settings.integer(BrokerSettings.REQUEST_BYTES_MAX),
                Math.max(1, settings.number(BrokerSettings.QUEUED_BYTES_MAX) / loops),
                settings.integer(BrokerSettings.IN_FLIGHT_MAX),
                settings.integer(BrokerSettings.UNSENT_BYTES_MAX),
                Duration.ofMillis(settings.number(BrokerSettings.CONNECTION_IDLE_MAX)));
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be above 0, was " + value);
        }
    }
}
