package io.millrace.log.server.net;

import java.time.Duration;

/**
 * What clients may ask of one broker's memory and sockets.
 *
 * @param requestBytesMax largest frame; a longer one ends its connection
 * @param requestMemoryMax bytes of frames that a loop holds before it stops reading from its clients
 * @param connectionsMax connections of the whole broker; further ones are closed at once
 * @param inFlightMax requests of one connection that wait for their answer, or whose answer the client has not taken,
 *     before it is not read from any more
 * @param unsentBytesMax bytes of answers in memory that one client may leave untaken before it is not read from any
 *     more
 * @param idleMax how long a client may be silent, or leave a request half sent or an answer untaken
 */
public record NetConfig(
        int requestBytesMax,
        long requestMemoryMax,
        int connectionsMax,
        int inFlightMax,
        int unsentBytesMax,
        Duration idleMax) {

    public NetConfig {
        requirePositive("requestBytesMax", requestBytesMax);
        requirePositive("requestMemoryMax", requestMemoryMax);
        requirePositive("connectionsMax", connectionsMax);
        requirePositive("inFlightMax", inFlightMax);
        requirePositive("unsentBytesMax", unsentBytesMax);
        requirePositive("idleMax", idleMax.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be above 0, was " + value);
        }
    }
}
