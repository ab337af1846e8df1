package io.millrace.connector.s3;

import java.io.IOException;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * A real store that fails at one of its steps, counted from the first one of the test: the machine dies, or it is busy.
 */
final class FaultyStore implements ObjectStore {

    /** The machine dies: nothing of the task runs any more. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Which step fails, and how; shared by the stores of tasks that follow one another. */
    static final class Plan {
        int steps;
        int crashAt = -1;
        int busyAt = -1;

        private synchronized void step() {
            steps++;
            if (steps == crashAt) {
                throw new Crash();
            }
        }

        private synchronized void stepThatMayBeBusy() {
            step();
            if (steps == busyAt) {
                throw new RetriableException("busy");
            }
        }
    }

    private final ObjectStore store;
    private final Plan plan;

    FaultyStore(ObjectStore store, Plan plan) {
        this.store = store;
        this.plan = plan;
    }

    @Override
    public OptionalLong lastOffset(ObjectNames names) {
        plan.stepThatMayBeBusy();
        return store.lastOffset(names);
    }

    @Override
    public Draft draft(String name) throws IOException {
        plan.step();
        Draft draft = store.draft(name);
        plan.step();
        return draft;
    }

    @Override
    public long publish(Draft draft, long endOffset) {
        plan.stepThatMayBeBusy();
        long stored = store.publish(draft, endOffset);
        plan.step();
        return stored;
    }

    @Override
    public void close() {
        store.close();
    }
}
