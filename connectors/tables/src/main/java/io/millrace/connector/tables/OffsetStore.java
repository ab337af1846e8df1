package io.millrace.connector.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The table of offsets that commit with the rows. An offset moves only from the value its writer knows to be there: a
 * second writer of a partition (a task thought dead) fails and reads again instead of writing twice.
 */
final class OffsetStore {

    private static final String WHERE = " WHERE connector = ? AND topic = ? AND \"partition\" = ?";

    private final Dialect dialect;
    private final TableName table;
    private final String connector;

    OffsetStore(Dialect dialect, TableName table, String connector) {
        this.dialect = dialect;
        this.table = table;
        this.connector = connector;
    }

    /** The next offset per partition, 0 where nothing was written yet; makes the table and rows that are missing. */
    Map<TopicPartition, Long> load(Connection connection, Collection<TopicPartition> partitions) throws SQLException {
        createTable(connection);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            execute(
                    connection,
                    "INSERT INTO " + table.sql() + " (connector, topic, \"partition\", next_offset)"
                            + " VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
                    partition);
            offsets.put(partition, read(connection, partition));
        }
        connection.commit();
        return offsets;
    }

    private void createTable(Connection connection) throws SQLException {
        if (!dialect.columns(connection, table).isEmpty()) {
            return;
        }
        String sql =
                "CREATE TABLE IF NOT EXISTS " + table.sql() + " (connector VARCHAR NOT NULL, topic VARCHAR NOT NULL,"
                        + " \"partition\" INTEGER NOT NULL, next_offset BIGINT NOT NULL,"
                        + " PRIMARY KEY (connector, topic, \"partition\"))";
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!dialect.columns(connection, table).isEmpty()) {
                return; // another task was quicker
            }
            if (dialect.kindOf(e) == FailureKind.RETRY) {
                throw e;
            }
            throw new ConnectException(
                    "cannot create the table of offsets: " + dialect.explain(e) + " As an owner, run: " + sql, e);
        }
    }

    private long read(Connection connection, TopicPartition partition) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT next_offset FROM " + table.sql() + WHERE)) {
            name(query, 1, partition);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /** Moves offsets within the open transaction; throws {@link SQLTransientException} when one is not where it was. */
    void advance(Connection connection, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to)
            throws SQLException {
        String sql = "UPDATE " + table.sql() + " SET next_offset = ?" + WHERE + " AND next_offset = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (Map.Entry<TopicPartition, Long> entry : to.entrySet()) {
                TopicPartition partition = entry.getKey();
                update.setLong(1, entry.getValue());
                name(update, 2, partition);
                update.setLong(5, from.getOrDefault(partition, 0L));
                if (update.executeUpdate() != 1) {
                    throw new SQLTransientException("the offset of " + partition + " in " + table
                            + " was moved by another writer of connector " + connector);
                }
            }
        }
    }

    /** Sets an offset by hand, or forgets it (null); part of the open transaction. */
    void set(Connection connection, TopicPartition partition, @Nullable Long offset) throws SQLException {
        createTable(connection);
        execute(connection, "DELETE FROM " + table.sql() + WHERE, partition);
        if (offset != null) {
            execute(
                    connection,
                    "INSERT INTO " + table.sql() + " (connector, topic, \"partition\", next_offset) VALUES (?, ?, ?, "
                            + offset + ")",
                    partition);
        }
    }

    private void execute(Connection connection, String sql, TopicPartition partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            name(statement, 1, partition);
            statement.executeUpdate();
        }
    }

    private void name(PreparedStatement statement, int at, TopicPartition partition) throws SQLException {
        statement.setString(at, connector);
        statement.setString(at + 1, partition.topic());
        statement.setInt(at + 2, partition.partition());
    }
}
