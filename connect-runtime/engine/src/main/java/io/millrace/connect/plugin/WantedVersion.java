package io.millrace.connect.plugin;

import org.apache.kafka.common.config.ConfigException;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a plugin a config takes (KIP-891): any, one ({@code 1.2.0}), or a range in Maven's notation
 * ({@code [1.2,2.0)}).
 */
final class WantedVersion {

    static final WantedVersion ANY = new WantedVersion("", null);

    private static final String LATEST = "latest";

    private final String text;
    private final @Nullable VersionRange range;

    private WantedVersion(String text, @Nullable VersionRange range) {
        this.text = text;
        this.range = range;
    }

    /**
     * @param key the key that asks, for the error
     * @param text nothing, or {@code latest}: any, of which the newest is taken
     * @throws ConfigException when it is no range
     */
    static WantedVersion of(String key, @Nullable String text) {
        String wanted = text == null ? "" : text.strip();
        if (wanted.isEmpty() || wanted.equalsIgnoreCase(LATEST)) {
            return ANY;
        }
        try {
            VersionRange range = VersionRange.createFromVersionSpec(wanted);
            // Maven takes a bare version for a wish; here it is meant.
            return new WantedVersion(
                    wanted, range.hasRestrictions() ? range : VersionRange.createFromVersionSpec("[" + wanted + "]"));
        } catch (InvalidVersionSpecificationException e) {
            throw new ConfigException(
                    key, wanted, "neither a version (1.2.0) nor a range of versions ([1.2,2.0)): " + e.getMessage());
        }
    }

    boolean isAny() {
        return range == null;
    }

    boolean takes(String version) {
        return range == null || range.containsVersion(new DefaultArtifactVersion(version));
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
