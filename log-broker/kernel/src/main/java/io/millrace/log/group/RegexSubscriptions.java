package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the regular expressions that members of consumer groups subscribe to stand for (KIP-848).
 *
 * <p>With the heartbeats of a group's members, topics are looked through when an expression is new and when the
 * metadata has changed; the latter no more often than the group may be assigned anew. Each heartbeat takes a bounded
 * number of steps; what is left waits for the next. What was found stands in the log, and with that the group goes on
 * after a change of the coordinator; that it was looked for does not.
 */
final class RegexSubscriptions {

    /** Some ten milliseconds of the worst expressions; ten thousand topics with an ordinary one. */
    private static final long STEPS_MAX = 10_000_000;

    /** What is kept in memory of one group. */
    private static final class Look {
        private @Nullable RegexScan scan;
        private @Nullable ClusterImage upToDateWith;
        private long beganMs = Long.MIN_VALUE;
    }

    private final ConsumerGroupSettings settings;
    private final long stepsMax;
    private final Map<String, Look> looks = new TreeMap<>();

    RegexSubscriptions(ConsumerGroupSettings settings) {
        this(settings, STEPS_MAX);
    }

    RegexSubscriptions(ConsumerGroupSettings settings, long stepsMax) {
        this.settings = settings;
        this.stepsMax = stepsMax;
    }

    /** Why a member may not subscribe to what it asks for; null if it may, or asks for nothing. */
    static @Nullable Refusal refusal(ConsumerGroup group, @Nullable String regex) {
        if (regex == null || regex.isEmpty() || group.subscribedRegexes().contains(regex)) {
            return null;
        }
        return TopicRegex.refusal(regex);
    }

    /** Forgets what no member subscribes to any more. */
    static void removeUnused(ConsumerGroupDraft draft) {
        ConsumerGroup group = draft.group();
        if (group.regexes().isEmpty()) {
            return;
        }
        SortedSet<String> unused = new TreeSet<>(group.regexes().keySet());
        unused.removeAll(group.subscribedRegexes());
        unused.forEach(each -> draft.write(new ConsumerGroupRecord.Regex(group.id(), each, null)));
    }

    /** Brings the group's expressions up to date, as far as that is due; true if any stands for other topics now. */
    boolean refresh(ConsumerGroupDraft draft, long nowMs) {
        SortedSet<String> subscribed = draft.group().subscribedRegexes();
        if (subscribed.isEmpty()) {
            forget(draft.groupId());
            return false;
        }
        Look look = looks.computeIfAbsent(draft.groupId(), _ -> new Look());
        RegexScan scan = look.scan;
        if (scan == null || !scan.isOf(subscribed)) {
            boolean allKnown = draft.group().regexes().keySet().containsAll(subscribed);
            if (allKnown && !isDue(look, draft.groupId(), nowMs)) {
                return false;
            }
            scan = new RegexScan(settings.image(), subscribed);
            look.beganMs = nowMs;
        }
        if (!scan.goOn(stepsMax)) {
            look.scan = scan;
            return false;
        }
        look.scan = null;
        boolean changed = write(draft, scan, nowMs);
        // Until the log has what was found, it is to be found again.
        look.upToDateWith = changed ? null : scan.image();
        return changed;
    }

    void forget(String groupId) {
        looks.remove(groupId);
    }

    private boolean isDue(Look look, String groupId, long nowMs) {
        return look.upToDateWith != settings.image()
                && (look.beganMs == Long.MIN_VALUE || nowMs >= look.beganMs + settings.assignmentIntervalMs(groupId));
    }

    private static boolean write(ConsumerGroupDraft draft, RegexScan scan, long nowMs) {
        boolean[] changed = {false};
        scan.found().forEach((regex, topics) -> {
            ResolvedRegex known = draft.group().regexes().get(regex);
            if (known == null || !known.topics().equals(topics)) {
                draft.write(new ConsumerGroupRecord.Regex(draft.groupId(), regex, new ResolvedRegex(topics, 0, nowMs)));
                changed[0] = true;
            }
        });
        return changed[0];
    }
}
