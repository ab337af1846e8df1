package io.millrace.connect.cluster;

import io.millrace.connect.cluster.OffsetService.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a connector's config.
 *
 * @param number from 1, never given twice while the connector exists
 * @param time when it was stored
 * @param by what stored it: {@code rest}, {@code file NAME}, {@code rollback to N}; {@code topic} if it was found there
 * @param config the config
 * @param replaced how it ended; null for the one that counts
 */
public record ConfigVersion(
        int number,
        Instant time,
        String by,
        Map<String, String> config,
        @Nullable Replaced replaced) {

    /**
     * The end of a version.
     *
     * @param time when another was stored
     * @param offsets the positions that the connector had committed by then
     */
    public record Replaced(Instant time, List<Position> offsets) {}

    ConfigVersion with(Map<String, String> other) {
        return new ConfigVersion(number, time, by, other, replaced);
    }
}
