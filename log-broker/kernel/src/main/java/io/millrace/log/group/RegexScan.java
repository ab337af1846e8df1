package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.metadata.TopicImage;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks through all topics of one metadata for those that regular expressions stand for, a bounded part at a time. */
final class RegexScan {

    private final ClusterImage image;
    private final SortedSet<String> subscribed;
    private final Map<String, TopicRegex> expressions = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> found = new TreeMap<>();
    private final Iterator<TopicImage> topics;

    /** @param subscribed expressions; one that cannot be read stands for nothing */
    RegexScan(ClusterImage image, SortedSet<String> subscribed) {
        this.image = image;
        this.subscribed = new TreeSet<>(subscribed);
        this.topics = image.topics().iterator();
        for (String each : subscribed) {
            found.put(each, new TreeSet<>());
            TopicRegex readable = TopicRegex.of(each);
            if (readable != null) {
                expressions.put(each, readable);
            }
        }
    }

    ClusterImage image() {
        return image;
    }

    boolean isOf(SortedSet<String> others) {
        return subscribed.equals(others);
    }

    /** Goes on for about so many steps; true if all is looked through now. */
    boolean goOn(long stepsMax) {
        long steps = 0;
        while (topics.hasNext() && steps < stepsMax) {
            String topic = topics.next().name();
            for (Map.Entry<String, TopicRegex> each : expressions.entrySet()) {
                steps += each.getValue().steps(topic);
                if (each.getValue().matches(topic)) {
                    found.computeIfAbsent(each.getKey(), _ -> new TreeSet<>()).add(topic);
                }
            }
        }
        return !topics.hasNext();
    }

    /** The topics of each expression; all of them once nothing is left to look through. */
    SortedMap<String, SortedSet<String>> found() {
        return found;
    }
}
