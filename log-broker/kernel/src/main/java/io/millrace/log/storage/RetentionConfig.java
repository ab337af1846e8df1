package io.millrace.log.storage;

/**
 * How long a log keeps its records.
 *
 * @param ageMaxMillis {@code retention.ms}; {@link #UNLIMITED} keeps them for ever
 * @param bytesMax {@code retention.bytes}: of the whole log; {@link #UNLIMITED} sets no bound
 * @param cleanupPolicy {@code cleanup.policy}: whether the two above apply at all
 */
public record RetentionConfig(long ageMaxMillis, long bytesMax, CleanupPolicy cleanupPolicy) {

    public static final long UNLIMITED = -1;

    /** Kafka's defaults: seven days, any size. */
    public static final RetentionConfig DEFAULTS =
            new RetentionConfig(7L * 24 * 3_600_000, UNLIMITED, CleanupPolicy.DELETE);

    public RetentionConfig {
        if (ageMaxMillis < UNLIMITED || bytesMax < UNLIMITED) {
            throw new IllegalArgumentException("retention.ms %d and retention.bytes %d must be -1 (no limit) or more"
                    .formatted(ageMaxMillis, bytesMax));
        }
    }
}
