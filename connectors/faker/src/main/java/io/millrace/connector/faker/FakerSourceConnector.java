package io.millrace.connector.faker;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Makes the change log of a shop: customers, products, orders, order items and payments.
 *
 * <p>Life cycle: the runtime calls {@link #start}, asks for the one task's config with {@link #taskConfigs}, and starts
 * a {@link FakerSourceTask} with it. The connector itself holds no thread and no resource, so {@link #stop} has nothing
 * to release.
 *
 * <p>Thread rule: the runtime calls one method at a time.
 *
 * <p>Every record is a pure function of the seed and of its sequence number. A task that starts again from a committed
 * offset therefore makes exactly the records that it would have made without the stop, which is also why exactly-once
 * is supported. README.md lists the config keys.
 */
public final class FakerSourceConnector extends SourceConnector {

    private Map<String, String> config = Map.of();

    /** The connector; configured by {@link #start}. */
    public FakerSourceConnector() {}

    @Override
    public void start(Map<String, String> props) {
        FakerConfig.from(props);
        config = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FakerSourceTask.class;
    }

    /** One task whatever {@code maxTasks} is: the order of the one sequence keeps references whole. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(config);
    }

    @Override
    public void stop() {
        config = Map.of();
    }

    @Override
    public ConfigDef config() {
        return FakerConfig.DEFINITION;
    }

    @Override
    public String version() {
        return pluginVersion();
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> props) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> props) {
        return ConnectorTransactionBoundaries.UNSUPPORTED;
    }

    /**
     * Accepts positions that a task can start from, so that a shop can be rewound or moved on.
     *
     * @throws ConnectException when a position is not of the form {@code {"sequence": n}} with n of at least 0
     */
    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        for (Map.Entry<Map<String, ?>, Map<String, ?>> entry : offsets.entrySet()) {
            FakerSourceTask.requirePartition(entry.getKey());
            if (entry.getValue() != null) {
                FakerSourceTask.sequenceOf(entry.getValue());
            }
        }
        return true;
    }

    static String pluginVersion() {
        return Objects.requireNonNullElse(
                FakerSourceConnector.class.getPackage().getImplementationVersion(), "unpackaged");
    }
}
