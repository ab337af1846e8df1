package io.millrace.connect.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/** Counts, as many tasks as it may, and ends its transactions where it is told to. */
public class BoundarySourceConnector extends SourceConnector {

    static final String TASK = "task";

    static final ConfigDef CONFIG = new ConfigDef()
            .define("topic", ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.HIGH, "where to")
            .define("records", ConfigDef.Type.INT, 100, Range.atLeast(0), Importance.HIGH, "how many a task")
            .define("batch.size", ConfigDef.Type.INT, 10, Range.between(1, 1000), Importance.LOW, "records a poll")
            .define("commit.every", ConfigDef.Type.INT, 0, Importance.LOW, "asks for a commit after so many records")
            .define("abort.at", ConfigDef.Type.INT, -1, Importance.LOW, "asks for an abort after this record")
            .define(
                    "after.poll",
                    ConfigDef.Type.STRING,
                    "nothing",
                    ValidString.in("nothing", "commit", "abort", "both"),
                    Importance.LOW,
                    "what is asked for with each poll")
            .define("hold.at", ConfigDef.Type.INT, -1, Importance.LOW, "the record before which the first task waits")
            .define("hold.file", ConfigDef.Type.STRING, "", Importance.LOW, "see BoundarySourceTask")
            .define("calls.file", ConfigDef.Type.STRING, "", Importance.LOW, "gets a line for each call of the runtime")
            .define("throw.after", ConfigDef.Type.INT, -1, Importance.LOW, "the record whose commit is answered badly")
            .define("supports", ConfigDef.Type.STRING, "yes", answers(), Importance.LOW, "whether it is exactly-once")
            .define("defines", ConfigDef.Type.STRING, "yes", answers(), Importance.LOW, "whether it ends transactions")
            .define(TASK, ConfigDef.Type.INT, 0, Importance.LOW, "set by the connector");

    private Map<String, String> config = Map.of();

    private static ConfigDef.Validator answers() {
        return ValidString.in("yes", "no", "nothing", "throw");
    }

    @Override
    public @Nullable ExactlyOnceSupport exactlyOnceSupport(Map<String, String> props) {
        return answer(props, "supports", ExactlyOnceSupport.SUPPORTED, ExactlyOnceSupport.UNSUPPORTED);
    }

    @Override
    public @Nullable ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> props) {
        return answer(
                props, "defines", ConnectorTransactionBoundaries.SUPPORTED, ConnectorTransactionBoundaries.UNSUPPORTED);
    }

    private static <T> @Nullable T answer(Map<String, String> props, String key, T yes, T no) {
        return switch (new AbstractConfig(CONFIG, props, false).getString(key)) {
            case "yes" -> yes;
            case "no" -> no;
            case "nothing" -> null;
            default -> throw new ConnectException("not today");
        };
    }

    @Override
    public void start(Map<String, String> props) {
        config = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return BoundarySourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> tasks = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            Map<String, String> one = new HashMap<>(config);
            one.put(TASK, Integer.toString(task));
            tasks.add(one);
        }
        return tasks;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public String version() {
        return "1.2.3";
    }
}
