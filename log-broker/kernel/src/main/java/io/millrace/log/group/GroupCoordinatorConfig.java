package io.millrace.log.group;

/** Everything that a coordinator of groups may be told. */
public record GroupCoordinatorConfig(MembershipConfig membership, OffsetsConfig offsets) {

    /** Kafka's defaults. */
    public static final GroupCoordinatorConfig DEFAULT =
            new GroupCoordinatorConfig(MembershipConfig.DEFAULT, OffsetsConfig.DEFAULT);
}
