package io.millrace.log.replica;

import io.millrace.log.disk.DiskFailure;
import io.millrace.log.disk.DiskFile;
import io.millrace.log.storage.PendingSync;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes appended records durable: at the end of each pass every partition that was appended to, and has no sync under
 * way, gets one sync that covers all that was appended so far. Whatever comes meanwhile goes into the next.
 */
final class GroupCommit {

    /** The syncs under way for one partition. */
    private static final class Round {
        private final PartitionLeader partition;
        private final PendingSync covers;
        private int open;
        private boolean failed;

        Round(PartitionLeader partition, PendingSync covers) {
            this.partition = partition;
            this.covers = covers;
            this.open = covers.files().size();
        }
    }

    private final ReplicaEffects effects;
    private final Set<PartitionLeader> dirty = new LinkedHashSet<>();
    private final Map<PartitionLeader, List<Runnable>> syncing = new LinkedHashMap<>();
    private final Map<Long, Round> rounds = new LinkedHashMap<>();
    private long lastTicket;

    GroupCommit(ReplicaEffects effects) {
        this.effects = effects;
    }

    /** The partition may have something to make durable. */
    void appended(PartitionLeader partition) {
        dirty.add(partition);
    }

    void endOfPass() {
        for (PartitionLeader partition : List.copyOf(dirty)) {
            if (!syncing.containsKey(partition)) {
                dirty.remove(partition);
                start(partition);
            }
        }
    }

    private void start(PartitionLeader partition) {
        if (partition.isClosed() || partition.log().isFailed()) {
            return;
        }
        PendingSync pending = partition.pendingSync();
        if (pending.isEmpty()) {
            return;
        }
        Round round = new Round(partition, pending);
        syncing.put(partition, new ArrayList<>());
        for (DiskFile file : pending.files()) {
            lastTicket++;
            rounds.put(lastTicket, round);
            effects.sync(lastTicket, file);
        }
    }

    void synced(long ticket) {
        finish(take(ticket));
    }

    void syncFailed(long ticket, DiskFailure cause) {
        Round round = take(ticket);
        if (!round.failed) {
            round.failed = true;
            round.partition.syncFailed(cause);
        }
        finish(round);
    }

    /** Runs {@code action} as soon as no sync of the partition is under way: now, if there is none. */
    void whenIdle(PartitionLeader partition, Runnable action) {
        List<Runnable> waiting = syncing.get(partition);
        if (waiting == null) {
            action.run();
        } else {
            waiting.add(action);
        }
    }

    boolean isIdle(PartitionLeader partition) {
        return !syncing.containsKey(partition);
    }

    private Round take(long ticket) {
        Round round = rounds.remove(ticket);
        if (round == null) {
            throw new IllegalStateException("no sync with ticket " + ticket + " is under way");
        }
        return round;
    }

    private void finish(Round round) {
        round.open--;
        if (round.open > 0) {
            return;
        }
        List<Runnable> waiting = syncing.remove(round.partition);
        if (!round.failed) {
            round.partition.synced(round.covers);
        }
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }
}
