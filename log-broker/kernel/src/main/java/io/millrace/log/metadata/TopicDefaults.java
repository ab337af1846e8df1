package io.millrace.log.metadata;

/**
 * What becomes of a topic where nobody says it.
 *
 * @param autoCreate whether Metadata may create the topics a client names ({@code auto.create.topics.enable})
 * @param partitions of a topic created without a count, 1 or above ({@code num.partitions})
 * @param logFlush what an acknowledgement means for topics that do not say it themselves ({@code log.flush})
 */
public record TopicDefaults(boolean autoCreate, int partitions, LogFlush logFlush) {

    public TopicDefaults {
        if (partitions < 1) {
            throw new IllegalArgumentException("default partitions must be 1 or above, was " + partitions);
        }
    }
}
