package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import java.util.SortedSet;

/**
 * One number for all that an assignment depends on in a group's topics: which exist, their ids and their partitions.
 * When it changes, targets are computed anew (KIP-1101). The number is ours: another broker than this one would only
 * find that it has changed.
 */
final class TopicsHash {

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final long MIX_1 = 0xBF58_476D_1CE4_E5B9L;
    private static final long MIX_2 = 0x94D0_49BB_1331_11EBL;

    private TopicsHash() {}

    /** 0 if none of the topics exists. */
    static long of(SortedSet<String> topics, ClusterImage image) {
        long hash = 0;
        for (String each : topics) {
            TopicImage topic = image.topic(each);
            if (topic != null) {
                hash = add(hash, topic.id().getMostSignificantBits());
                hash = add(hash, topic.id().getLeastSignificantBits());
                hash = add(hash, topic.partitions().size());
            }
        }
        return hash;
    }

    /** As in SplittableRandom: every bit of both changes about half the bits of the sum. */
    private static long add(long hash, long value) {
        long mixed = (hash + GOLDEN) ^ value;
        mixed = (mixed ^ (mixed >>> 30)) * MIX_1;
        mixed = (mixed ^ (mixed >>> 27)) * MIX_2;
        return mixed ^ (mixed >>> 31);
    }
}
