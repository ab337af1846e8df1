package io.millrace.connector.tables;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * One task's connection: writes rows and offsets in one transaction. Connects when first used and after
 * {@link #disconnect}.
 */
final class TableWriter {

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final Dialect dialect;
    private final TableSinkConfig config;
    private final TableCatalog catalog;
    private final OffsetStore offsets;
    private @Nullable Connection connection;

    TableWriter(Dialect dialect, TableSinkConfig config, String connector) {
        this.dialect = dialect;
        this.config = config;
        this.catalog = new TableCatalog(dialect, config);
        this.offsets = new OffsetStore(dialect, config.offsetsTable(), connector);
    }

    /** Connects now, where it would otherwise when there is something to read or to write. */
    void connect() throws SQLException {
        transaction(open -> open);
    }

    /** The stored next offset of each partition. */
    Map<TopicPartition, Long> load(Collection<TopicPartition> partitions) throws SQLException {
        return transaction(connection -> offsets.load(connection, partitions));
    }

    /** Sets offsets by hand. */
    void set(Map<TopicPartition, Long> changed) throws SQLException {
        transaction(connection -> {
            for (Map.Entry<TopicPartition, Long> entry : changed.entrySet()) {
                offsets.set(connection, entry.getKey(), entry.getValue());
            }
            return changed;
        });
    }

    /** Writes changes, and moves the offsets in {@code positions} past them once they are committed. */
    void write(Collection<Change> changes, Map<TopicPartition, Long> positions) throws SQLException {
        List<ChangeGroup> groups = ChangeGroup.of(changes, config.writing());
        Map<TopicPartition, Long> next = new HashMap<>();
        for (Change change : changes) {
            SinkRecord record = change.record();
            next.merge(Change.partition(record), record.originalKafkaOffset() + 1, Math::max);
        }
        positions.putAll(transaction(connection -> {
            int[] columns = new int[groups.size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = catalog.prepare(connection, groups.get(i));
            }
            offsets.advance(connection, positions, next);
            for (int i = 0; i < columns.length; i++) {
                writeGroup(connection, groups.get(i), columns[i]);
            }
            return next;
        }));
    }

    private void writeGroup(Connection connection, ChangeGroup group, int tableColumns) throws SQLException {
        if (tableColumns == 0) {
            return; // nothing to delete where there is no table
        }
        for (RowSet rows : group.rowSets(tableColumns)) {
            dialect.write(connection, rows);
        }
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        Lock lock = dialect.transactionLock();
        lock.lock();
        try {
            Connection open = connection == null ? dialect.connect() : connection;
            connection = open;
            return committed(open, work);
        } finally {
            lock.unlock();
        }
    }

    private <T> T committed(Connection open, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.on(open);
            open.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                catalog.clear();
                rollBack(open);
            }
        }
    }

    /** A connection that cannot roll back is of no use any more; closing it rolls back as well. */
    private void rollBack(Connection open) {
        try {
            open.rollback();
        } catch (SQLException dead) {
            disconnect();
        }
    }

    /** Closes the connection, if there is one. */
    void disconnect() {
        Connection open = connection;
        connection = null;
        catalog.clear();
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (SQLException alreadyGone) {
            // the server is gone, and the transaction with it
        }
    }
}
