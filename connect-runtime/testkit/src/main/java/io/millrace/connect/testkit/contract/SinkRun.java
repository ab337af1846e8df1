package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * Lives of a sink's tasks, one after another, each from the offsets that were committed before; with records that come
 * while a task runs, and while there is none. Offsets have gaps, batches of two partitions come together, offsets are
 * committed at every second turn, and one partition is taken away and comes back. The last two lives come to their own
 * end.
 */
final class SinkRun {

    private static final TopicPartition FIRST = new TopicPartition("rows", 0);
    private static final TopicPartition SECOND = new TopicPartition("rows", 1);
    private static final int ROUND = 11;
    private static final int ROUNDS_MAX = 5;
    private static final int READ_MAX = 4;
    private static final int REFUSALS_MAX = 100;

    private final SinkSystem system;
    private final List<Kill<SinkStep>> kills;
    private final SimSinkRuntime runtime;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final List<String> expected = new ArrayList<>();
    private final List<SinkTask> dead = new ArrayList<>();
    private KillSwitch<SinkStep> kill = new KillSwitch<>(null);
    private final List<Abandoned> abandoned = new ArrayList<>();
    private int turns;
    private int refusals;

    /** A task that the runtime has given up, and the partitions that it believes to have. */
    private record Abandoned(SinkTask task, Set<TopicPartition> partitions) {}

    SinkRun(SinkSystem system, List<Kill<SinkStep>> kills) {
        this.system = system;
        this.kills = kills;
        this.runtime = new SimSinkRuntime(Tasks.config(system.connector(), system.config()), clock -> system.task());
    }

    /** Lives all lives, and checks what the target has in the end. */
    void run() {
        try {
            produce();
            for (Kill<SinkStep> planned : kills) {
                live(planned);
                produce();
            }
            live(null);
            live(null);
            new Balance<>(expected, system.target()).check(kills.toString(), system.exactlyOnce());
        } finally {
            dead.forEach(SinkTask::stop);
        }
    }

    private void produce() {
        for (TopicPartition partition : List.of(FIRST, SECOND)) {
            long offset = next.getOrDefault(partition, partition.equals(FIRST) ? 0L : 3L);
            for (int i = 0; i < ROUND; i++) {
                runtime.append(system.record(partition, offset));
                expected.add(SinkSystem.id(partition, offset));
                offset += i % 4 == 3 ? 2 : 1;
            }
            next.put(partition, offset);
        }
    }

    private void live(@Nullable Kill<SinkStep> planned) {
        kill = new KillSwitch<>(planned);
        turns = 0;
        try {
            work(planned == null ? 1 : ROUNDS_MAX);
        } catch (KillSwitch.Reached reached) {
            end(Objects.requireNonNull(planned).ending());
            return;
        }
        if (planned != null) {
            throw new AssertionError(planned + " was not reached");
        }
        runtime.shutDown();
    }

    private void work(int rounds) {
        int produced = 0;
        boolean more = true;
        while (more) {
            turn();
            if (turns > 1) {
                closeAbandoned();
            }
            if (runtime.isAtEnd()) {
                more = produced++ < rounds;
                if (more) {
                    produce();
                }
            }
        }
    }

    /** Takes every step once, or those up to the one that ends this life. */
    private void turn() {
        turns++;
        for (SinkStep step : SinkStep.values()) {
            if (take(step)) {
                kill.passed(step);
            }
        }
    }

    /** Returns whether there was anything to do. */
    private boolean take(SinkStep step) {
        return switch (step) {
            case START -> start();
            case OPEN -> runtime.open();
            case REWIND -> runtime.rewind();
            case READ -> runtime.read(READ_MAX);
            case PUT_PART -> putPart();
            case PUT -> put();
            case PRE_COMMIT -> ask();
            case COMMIT -> runtime.write();
            case CLOSE -> close();
        };
    }

    private boolean start() {
        if (turns > 1) {
            return false;
        }
        runtime.begin();
        return true;
    }

    /** Has the task die halfway through the batch: the first time that it goes through it, or the second. */
    private boolean putPart() {
        int pass = kill.dueAt(SinkStep.PUT_PART);
        if (pass > 0 && runtime.batch().size() > 1) {
            DyingBatch batch = new DyingBatch(runtime.batch(), pass);
            try {
                runtime.task().put(batch);
            } catch (RuntimeException | Error e) {
                if (!batch.isDead() && !(e instanceof RetriableException)) {
                    throw e;
                }
            }
        }
        return runtime.batch().size() > 1;
    }

    private boolean put() {
        try {
            boolean put = runtime.put();
            refusals = 0;
            return put;
        } catch (RetriableException e) {
            if (++refusals > REFUSALS_MAX) {
                throw new AssertionError("the task does not take the batch", e);
            }
            return false;
        }
    }

    /** Whether a partition is taken away in this turn: then it alone is asked for before that. */
    private boolean isRevocation() {
        return turns % 3 == 0;
    }

    private boolean ask() {
        boolean requested = runtime.takeCommitRequest();
        if (turns % 2 != 0 && !requested && !isRevocation()) {
            return false;
        }
        try {
            return runtime.ask(
                    isRevocation() ? Set.of(FIRST) : runtime.context().assignment());
        } catch (RetriableException e) {
            runtime.rewindToCommitted();
            return false;
        }
    }

    private boolean close() {
        if (isRevocation()) {
            runtime.close(Set.of(FIRST));
        }
        return isRevocation();
    }

    private void end(Ending ending) {
        switch (ending) {
            case DEATH -> {
                system.died(runtime.task());
                dead.add(runtime.task());
                runtime.crash();
            }
            case STOP -> runtime.end();
            case ABANDONMENT -> {
                abandoned.add(new Abandoned(runtime.task(), runtime.context().assignment()));
                runtime.crash();
            }
        }
    }

    /** Those that were given up come to their end, with their successor at work. */
    private void closeAbandoned() {
        for (Abandoned late : abandoned) {
            if (!late.partitions().isEmpty()) {
                late.task().close(late.partitions());
            }
            late.task().stop();
        }
        abandoned.clear();
    }
}
