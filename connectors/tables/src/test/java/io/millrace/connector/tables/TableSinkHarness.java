package io.millrace.connector.tables;

import io.millrace.connect.testkit.contract.SimSinkContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.AfterEach;

/** Drives a table sink through the Connect API as a runtime does, against a real database. */
public abstract class TableSinkHarness {

    private final List<SinkTask> started = new ArrayList<>();
    private final Map<SinkTask, SimSinkContext> contexts = new HashMap<>();

    /** The connector under test. */
    protected abstract SinkConnector connector();

    /** What the connector needs to reach a database that is empty when a test begins. */
    protected abstract Map<String, String> settings();

    /** A connection of somebody else to the same database, in auto-commit mode. */
    protected abstract Connection observer() throws SQLException;

    @AfterEach
    final void stopTasks() {
        started.forEach(SinkTask::stop);
    }

    protected final Map<String, String> settings(String... keysAndValues) {
        Map<String, String> all = new HashMap<>(settings());
        all.put("name", "test");
        all.put("retry.backoff.ms", "1");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            all.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return all;
    }

    /** A started task that has partitions and no reporter. */
    protected final SinkTask task(Collection<TopicPartition> partitions, String... keysAndValues) {
        return task(new SimSinkContext(Map.of(), false), partitions, keysAndValues);
    }

    protected final SinkTask task(
            SimSinkContext context, Collection<TopicPartition> partitions, String... keysAndValues) {
        SinkTask task = newTask();
        task.initialize(context);
        contexts.put(task, context);
        started.add(task);
        task.start(settings(keysAndValues));
        task.open(partitions);
        return task;
    }

    private SinkTask newTask() {
        try {
            return (SinkTask) connector().taskClass().getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a runtime could not make the task either", e);
        }
    }

    protected final SimSinkContext context(SinkTask task) {
        return Objects.requireNonNull(contexts.get(task));
    }

    /** Each row as its values with a bar between them. */
    protected final List<String> query(String sql) {
        try (Statement statement = observer().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                StringJoiner row = new StringJoiner("|");
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                found.add(row.toString());
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    protected final void execute(String sql) {
        try (Statement statement = observer().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
