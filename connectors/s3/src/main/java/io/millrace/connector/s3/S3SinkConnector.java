package io.millrace.connector.s3;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes topics as Parquet or JSON files into a bucket of an S3 store, or into a folder of this machine.
 *
 * <p>Life cycle: the runtime calls {@link #start}, asks for task configs with {@link #taskConfigs}, and starts an
 * {@link S3SinkTask} with each. The connector itself holds no thread and no resource.
 *
 * <p>Thread rule: the runtime calls one method at a time. README.md lists the config keys, which are those of
 * Confluent's connector where it has them.
 */
public final class S3SinkConnector extends SinkConnector {

    private Map<String, String> config = Map.of();

    /** The connector; configured by {@link #start}. */
    public S3SinkConnector() {}

    @Override
    public void start(Map<String, String> props) {
        config = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return S3SinkTask.class;
    }

    /** The same config for every task: the group hands the partitions out. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, config);
    }

    @Override
    public void stop() {
        config = Map.of();
    }

    @Override
    public ConfigDef config() {
        return S3SinkConfig.DEFINITION;
    }

    /** Checks each key, and when all are right, what they say together. */
    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Config result = super.validate(connectorConfigs);
        if (result.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            Map<String, String> problems = S3SinkConfig.problems(connectorConfigs);
            result.configValues().stream()
                    .filter(value -> problems.containsKey(value.name()))
                    .forEach(value -> value.addErrorMessage(value.name() + " " + problems.get(value.name())));
        }
        return result;
    }

    @Override
    public String version() {
        return pluginVersion();
    }

    static String pluginVersion() {
        return Objects.requireNonNullElse(S3SinkConnector.class.getPackage().getImplementationVersion(), "unpackaged");
    }
}
