package io.millrace.log.api;

import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.jspecify.annotations.Nullable;

/**
 * The features of KIP-584 that ApiVersions tells of from version 3 on. All are in force at their highest level from the
 * first start; nothing changes them while a broker runs.
 */
final class Features {

    /** Level 0 of every feature means that it is off. */
    private static final short LEVEL_MIN = 0;

    /** Below this version of ApiVersions, clients fail on a feature whose lowest level is 0 (KAFKA-17011). */
    private static final int FIRST_VERSION_WITH_LEVEL_ZERO = 4;

    private record Feature(String name, int level) {}

    private static final List<Feature> IN_FORCE =
            List.of(new Feature("group.version", 1), new Feature("transaction.version", 2));

    private Features() {}

    /** Why a feature cannot be set to a level; null if it is at this level. */
    static @Nullable String problem(String name, int level) {
        for (Feature each : IN_FORCE) {
            if (each.name().equals(name)) {
                return each.level() == level
                        ? null
                        : name + " is at level " + each.level() + " for good, and cannot be set to " + level + ".";
            }
        }
        return "there is no feature " + name + ".";
    }

    static void addTo(ApiVersionsResponseData answer, int version) {
        long epoch = 0;
        for (Feature each : IN_FORCE) {
            if (version >= FIRST_VERSION_WITH_LEVEL_ZERO) {
                answer.supportedFeatures()
                        .add(new SupportedFeatureKey()
                                .setName(each.name())
                                .setMinVersion(LEVEL_MIN)
                                .setMaxVersion((short) each.level()));
            }
            answer.finalizedFeatures()
                    .add(new FinalizedFeatureKey()
                            .setName(each.name())
                            .setMinVersionLevel((short) each.level())
                            .setMaxVersionLevel((short) each.level()));
            epoch += each.level();
        }
        // A client keeps the features of the highest epoch it saw: the sum grows whenever a release raises a level.
        answer.setFinalizedFeaturesEpoch(epoch);
    }
}
