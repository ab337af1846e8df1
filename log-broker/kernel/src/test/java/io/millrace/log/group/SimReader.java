package io.millrace.log.group;

import io.millrace.log.types.PartitionId;
import java.util.SortedSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A consumer of either protocol, as an official client is one. */
interface SimReader {

    /** The owner of what this member reads. */
    String name();

    @Nullable
    String instanceId();

    /** The epoch or generation in which it was given what it reads. */
    int epoch();

    /** What it reads. */
    SortedSet<PartitionId> owned();

    /** Its instance belongs to another one now. */
    boolean isRefused();

    /** Does whatever is next. */
    void act(SplittableRandom random);

    /** Goes for good. */
    void leave();
}
