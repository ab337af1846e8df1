package io.millrace.connector.tables;

import io.millrace.connect.testkit.contract.SinkSystem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;

/** A database for the contract of sinks: rows are appended, so that one that comes twice is there twice. */
public final class TableSystem implements SinkSystem {

    private final Supplier<SinkConnector> connectors;
    private final Map<String, String> settings;
    private final Connection observer;

    /**
     * @param settings what the connector needs to reach the database
     * @param observer somebody else's connection to it, in auto-commit mode
     */
    public TableSystem(Supplier<SinkConnector> connectors, Map<String, String> settings, Connection observer) {
        this.connectors = connectors;
        this.settings = settings;
        this.observer = observer;
    }

    @Override
    public SinkConnector connector() {
        return connectors.get();
    }

    @Override
    public Map<String, String> config() {
        Map<String, String> config = new HashMap<>(settings);
        config.put("name", "contract");
        config.put("insert.mode", "insert");
        config.put("pk.mode", "none");
        config.put("batch.size", "3");
        config.put("retry.backoff.ms", "1");
        return config;
    }

    @Override
    public SinkRecord record(TopicPartition partition, long offset) {
        return new ChangeLog(partition.topic(), partition.partition(), offset)
                .upsert(offset, SinkSystem.id(partition, offset), partition.partition());
    }

    @Override
    public List<String> target() {
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM \"rows\"")) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError("the table cannot be read", e);
        }
    }

    @Override
    public boolean exactlyOnce() {
        return true;
    }

    @Override
    public boolean startsAreDear() {
        return true;
    }

    @Override
    public void close() {
        try (Statement statement = observer.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS \"rows\"");
            statement.execute("DROP TABLE IF EXISTS millrace_offsets");
        } catch (SQLException e) {
            throw new AssertionError("the tables cannot be dropped", e);
        }
    }
}
