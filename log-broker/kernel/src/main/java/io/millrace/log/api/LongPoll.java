package io.millrace.log.api;

import io.millrace.log.replica.FetchWait;
import io.millrace.log.types.PartitionId;
import io.millrace.log.types.Promise;
import io.millrace.log.types.Timers.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One fetch that waits until there is enough to send.
 *
 * <p>It reads on every shard concerned. If what was found is too little, it lets go of it, parks on all partitions, and
 * reads again when one of them has more; at its deadline it sends what there is. Lives on the shard of the connection,
 * and is touched by that shard only.
 */
final class LongPoll {

    /** When a fetch is answered. */
    record Limits(int bytesMin, int bytesMax, long deadlineMillis) {}

    /** What is read, and how much of it is shown. */
    record Wanted(List<FetchRead> reads, IsolationLevel isolation) {}

    /** A parked wait, and the shard that it belongs to. */
    private record Parked(int owner, FetchWait sleeper) {}

    private final LocalShard shard;
    private final int home;
    private final List<FetchRead> reads;
    private final IsolationLevel isolation;
    private final Limits limits;
    private final Promise<List<PartitionData>> answer = new Promise<>();
    private List<Parked> parked = new ArrayList<>();
    private @Nullable Timer deadline;
    private int round;
    private boolean reading;
    /** What is found next is sent, however little it is. */
    private boolean last;

    LongPoll(LocalShard shard, Wanted wanted, Limits limits) {
        this.shard = shard;
        this.home = shard.self();
        this.reads = wanted.reads();
        this.isolation = wanted.isolation();
        this.limits = limits;
    }

    /** Starts; the results come in the order of the reads. */
    Promise<List<PartitionData>> start(Promise<Boolean> abandoned) {
        last = limits.bytesMin() <= 0
                || limits.deadlineMillis() <= shard.timers().now();
        read();
        if (!answer.isDone()) {
            deadline = shard.timers().at(limits.deadlineMillis(), this::end);
            abandoned.whenDone(ignored -> end());
        }
        return answer;
    }

    private void end() {
        last = true;
        woken(round);
    }

    private void read() {
        reading = true;
        int bytesMax = limits.bytesMax();
        IsolationLevel level = isolation;
        Scatter.byOwner(
                        shard,
                        reads,
                        FetchRead::partition,
                        (owner, share) -> Promise.of(FetchRead.all(owner, share, bytesMax, level)))
                .whenDone(this::found);
    }

    private void found(List<PartitionData> results) {
        reading = false;
        int bytes = 0;
        boolean failed = false;
        for (PartitionData result : results) {
            int size = result.records().sizeInBytes();
            if (bytes > 0 && bytes + size > limits.bytesMax()) {
                FetchRead.drop(result);
            } else {
                bytes += size;
            }
            failed |= result.errorCode() != Errors.NONE.code()
                    || result.divergingEpoch().epoch() >= 0;
        }
        if (last || failed || bytes >= limits.bytesMin()) {
            if (deadline != null) {
                deadline.cancel();
            }
            answer.complete(results);
        } else {
            results.forEach(FetchRead::drop);
            park(results);
        }
    }

    private void park(List<PartitionData> results) {
        int thisRound = round;
        IsolationLevel level = isolation;
        seenByOwner(results)
                .forEach((owner, seen) -> shard.ask(owner, there -> {
                            FetchWait wait = there.replicas().park(seen, level);
                            wait.woken()
                                    .whenDone(ignored -> there.ask(home, here -> {
                                        woken(thisRound);
                                        return Promise.of(true);
                                    }));
                            return Promise.of(wait);
                        })
                        .whenDone(wait -> keep(thisRound, new Parked(owner, wait))));
    }

    private SortedMap<Integer, Map<PartitionId, Long>> seenByOwner(List<PartitionData> results) {
        SortedMap<Integer, Map<PartitionId, Long>> byOwner = new TreeMap<>();
        for (int i = 0; i < reads.size(); i++) {
            PartitionId partition = reads.get(i).partition();
            PartitionData result = results.get(i);
            byOwner.computeIfAbsent(shard.ownerOf(partition), ignored -> new LinkedHashMap<>())
                    .put(partition, FetchRead.visibleEnd(result, isolation));
        }
        return byOwner;
    }

    private void keep(int parkedInRound, Parked wait) {
        if (parkedInRound == round) {
            parked.add(wait);
        } else {
            cancel(wait);
        }
    }

    private void cancel(Parked waiting) {
        shard.ask(waiting.owner(), there -> {
            waiting.sleeper().wake();
            return Promise.of(true);
        });
    }

    private void woken(int parkedInRound) {
        if (reading || parkedInRound != round || answer.isDone()) {
            return;
        }
        round++;
        List<Parked> over = parked;
        parked = new ArrayList<>();
        over.forEach(this::cancel);
        read();
    }
}
