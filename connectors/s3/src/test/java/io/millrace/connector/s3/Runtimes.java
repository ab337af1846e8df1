package io.millrace.connector.s3;

import io.millrace.connect.testkit.contract.SimSinkRuntime;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Runtimes for tasks of this sink, which go by the runtime's clock. */
final class Runtimes {

    private Runtimes() {}

    static SimSinkRuntime on(Map<String, String> config) {
        return on(config, store -> store);
    }

    /**
     * @param faults what is put between the task and its store
     */
    static SimSinkRuntime on(Map<String, String> config, UnaryOperator<ObjectStore> faults) {
        return new SimSinkRuntime(
                config, clock -> new S3SinkTask(clock, parsed -> faults.apply(S3SinkTask.store(parsed))));
    }
}
