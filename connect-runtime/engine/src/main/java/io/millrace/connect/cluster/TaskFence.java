package io.millrace.connect.cluster;

import io.millrace.connect.log.LogFailure;
import io.millrace.connect.task.SourceTransactions;
import io.millrace.connect.task.TaskEnvironment;
import io.millrace.connect.task.TaskId;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no task of an older set of a connector can write, before one of a newer set starts (KIP-618). A task
 * takes over the id of the one that had its number; what is fenced here are those of numbers that are no longer in use.
 * How many tasks may be writing stands in the config topic, so that the next worker knows of them too.
 *
 * <p><b>Threads.</b> Any but the cluster's, on which the count is written.
 */
final class TaskFence {

    private static final Logger LOG = LoggerFactory.getLogger(TaskFence.class);

    private final TaskEnvironment environment;
    private final ConfigStore configs;
    private final SerialCalls calls;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    TaskFence(TaskEnvironment environment, ConfigStore configs, SerialCalls calls) {
        this.environment = environment;
        this.configs = configs;
        this.calls = calls;
    }

    /**
     * Returns when no task of an older set can write.
     *
     * @throws LogFailure when the log does not answer, or the tasks were made anew meanwhile
     */
    void fence(String connector) {
        oneAtATime.lock();
        try {
            ConfigStore.TaskSet set = configs.taskSet(connector);
            if (!set.fenced()) {
                fenceOlder(connector, set);
                calls.onClusterThread(() -> record(connector, set));
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    /** A single task before and after needs nothing: the new one takes over the id of the old one. */
    private void fenceOlder(String connector, ConfigStore.TaskSet set) {
        if (set.writers() == 0 || (set.writers() == 1 && set.tasks() == 1)) {
            return;
        }
        SourceTransactions transactions = environment.settings().transactions();
        List<String> ids = IntStream.range(0, set.writers())
                .mapToObj(task -> transactions.idOf(new TaskId(connector, task)))
                .toList();
        LOG.atDebug()
                .addKeyValue("connector", connector)
                .addKeyValue("tasks", ids.size())
                .log("fencing older tasks");
        environment.log().fence(ids);
    }

    private ConfigStore.TaskSet record(String connector, ConfigStore.TaskSet fenced) {
        if (configs.taskSet(connector).generation() != fenced.generation()) {
            throw new LogFailure(
                    LogFailure.Category.RETRY,
                    "the tasks of connector %s were made anew while older ones were fenced".formatted(connector),
                    null);
        }
        configs.putWriters(connector, fenced.tasks());
        return fenced;
    }
}
