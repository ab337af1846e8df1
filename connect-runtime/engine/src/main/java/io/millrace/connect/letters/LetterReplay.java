package io.millrace.connect.letters;

import io.millrace.connect.cluster.ReplayService;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.sink.ReplayTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives dead letters to their sink once more: each is put into the connector's {@link ReplayTopic}, unless it stands
 * there already, and the connector's tasks read that as they read their own topics. So a letter goes through this
 * connector's converters, transforms and sink as they are configured then, and through nobody else's.
 *
 * <p>A call that is broken off has put some letters into the topic; the next one puts the others. From there on the
 * letters are records as all others: delivered at least once, and exactly once by a sink that keeps its positions with
 * its data.
 *
 * <p><b>Threads.</b> Any. One replay of a connector at a time.
 */
public final class LetterReplay {

    private final LetterService letters;
    private final ReplayService replays;
    private final LogClient log;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> unread = ConcurrentHashMap.newKeySet();

    /**
     * Which letters are wanted.
     *
     * @param from the first
     * @param to the last; null: the last there is
     * @param only only these of them; empty: all
     */
    public record Selection(LetterId from, @Nullable LetterId to, Set<LetterId> only) {

        public Selection {
            only = Set.copyOf(only);
        }

        private boolean holds(LetterId letter) {
            return only.isEmpty() ? !isAfter(letter) : only.contains(letter);
        }

        private boolean isAfter(LetterId letter) {
            return to != null && letter.compareTo(to) > 0;
        }
    }

    /**
     * What was, or would be, done.
     *
     * @param replayed how many letters go to the sink
     * @param before how many of those wanted have been replayed before, and are left alone
     * @param homeless letters that cannot be replayed: they do not tell their topic, and the connector reads several
     */
    public record Done(long replayed, long before, List<LetterId> homeless) {}

    public LetterReplay(LetterService letters, ReplayService replays) {
        this.letters = letters;
        this.replays = replays;
        this.log = letters.log();
    }

    /** What a replay would do now. Nothing is changed. */
    public Done plan(String name, Selection selection) {
        return walk(letters.box(name), selection, letter -> true);
    }

    /** Replays. Returns when all letters that are wanted stand in the replay topic. */
    public Done run(String name, Selection selection) {
        LetterBox box = letters.box(name);
        if (!underWay.add(name)) {
            throw new RequestRefused(
                    Reason.CONFLICT, "Another replay of dead letters of connector %s is under way".formatted(name));
        }
        try {
            if (plan(name, selection).replayed() > 0) {
                haveTasksRead(box);
            }
            return append(box, selection);
        } finally {
            underWay.remove(name);
        }
    }

    /** Makes the topic; tasks that run find it when they start anew. */
    private void haveTasksRead(LetterBox box) {
        long wanted = letters.settings(box).number(ConnectorKeys.DEAD_LETTER_REPLICATION);
        short copies = (short) Math.min(wanted, log.nodeCount());
        Map<String, String> forEver = Map.of("retention.ms", "-1", "retention.bytes", "-1", "cleanup.policy", "delete");
        if (log.ensureTopic(new TopicSpec(box.replays().name(), 1, copies, forEver))) {
            unread.add(box.connector());
        }
        if (unread.contains(box.connector())) {
            replays.restartTasks(box.connector());
            unread.remove(box.connector());
        }
    }

    private Done append(LetterBox box, Selection selection) {
        AtomicInteger stored = new AtomicInteger();
        AtomicReference<@Nullable LogFailure> failure = new AtomicReference<>();
        AppendListener listener = new AppendListener() {
            @Override
            public void acknowledged(int index, AppendedAt position) {
                stored.incrementAndGet();
            }

            @Override
            public void failed(int index, LogFailure cause) {
                failure.compareAndSet(null, cause);
            }
        };
        Done done;
        try (LogAppender appender = log.openAppender("letters-" + box.connector(), Map.of())) {
            done = walk(box, selection, letter -> {
                appender.append(List.of(letter), listener);
                return failure.get() == null;
            });
            appender.flush();
        }
        LogFailure cause = failure.get();
        if (cause != null) {
            throw new RequestRefused(
                    Reason.FAILED,
                    "%d letters are replayed, then the log took no more; the next call goes on with the others: %s"
                            .formatted(stored.get(), cause.getMessage()));
        }
        return done;
    }

    /**
     * Goes through the letters that are wanted.
     *
     * @param taker takes each that has not been replayed; false: that is enough
     */
    private Done walk(LetterBox box, Selection selection, Predicate<OutgoingRecord> taker) {
        ReplayMarks marks = ReplayMarks.read(log, box.replays(), box.group());
        AtomicInteger replayed = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        List<LetterId> homeless = new ArrayList<>();
        boolean _ = letters.scan(box).read(box.topic(), selection.from(), record -> {
            Letter letter = LetterService.letter(box, marks, record);
            if (letter == null || !selection.holds(letter.id())) {
                return letter == null || !selection.isAfter(letter.id());
            }
            if (letter.state() != Letter.State.OPEN) {
                before.incrementAndGet();
                return true;
            }
            OutgoingRecord again = again(box, letter);
            if (again == null) {
                homeless.add(letter.id());
                return true;
            }
            replayed.incrementAndGet();
            return taker.test(again);
        });
        return new Done(replayed.get(), before.get(), List.copyOf(homeless));
    }

    private static @Nullable OutgoingRecord again(LetterBox box, Letter letter) {
        StoredRecord record = letter.record();
        ReplayTopic.Origin origin = box.origin(record, letter.told());
        if (origin == null) {
            return null;
        }
        Long timestampMs = record.timestampMs() < 0 ? null : record.timestampMs();
        return new OutgoingRecord(
                box.replays().name(),
                0,
                timestampMs,
                ReplayTopic.payload(ReplayMarks.key(record), origin, record.payload()));
    }
}
