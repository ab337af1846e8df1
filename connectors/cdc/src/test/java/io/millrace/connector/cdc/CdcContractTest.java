package io.millrace.connector.cdc;

import static org.awaitility.Awaitility.await;

import io.millrace.connect.testkit.contract.Ending;
import io.millrace.connect.testkit.contract.Row;
import io.millrace.connect.testkit.contract.SourceContract;
import io.millrace.connect.testkit.contract.SourceSystem;
import io.millrace.connector.cdc.Databases.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** The contract of sources, on a table of PostgreSQL. */
final class CdcContractTest extends SourceContract {

    @Override
    protected SourceSystem system() {
        return new Table(Databases.create());
    }

    private static final class Table implements SourceSystem {

        private static final int ROWS = 9;
        private static final String SLOT_IS_READ = "SELECT count(*) FROM pg_replication_slots WHERE active";

        private final Database database;
        private int rows;

        private Table(Database database) {
            this.database = database;
            database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
        }

        @Override
        public SourceConnector connector() {
            return new PostgresCdcSourceConnector();
        }

        @Override
        public Map<String, String> config() {
            Map<String, String> config = database.config();
            config.put("max.batch.size", "4");
            config.put("max.queue.size", "8");
            return config;
        }

        /** One transaction of many rows, which share a position in the log, and some of one row. */
        @Override
        public List<Row> produce() {
            int first = rows;
            rows += ROWS;
            database.execute(
                    "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(%d, %d) i".formatted(first, rows - 3),
                    "INSERT INTO t VALUES (%1$d, 'row %1$d')".formatted(rows - 2),
                    "INSERT INTO t VALUES (%1$d, 'row %1$d')".formatted(rows - 1));
            List<Row> made = new ArrayList<>();
            for (int id = first; id < rows; id++) {
                made.add(new Row("t", id, "row " + id));
            }
            return made;
        }

        @Override
        public @Nullable Row row(SourceRecord record) {
            return record.value() instanceof Struct row && record.topic().endsWith(".t")
                    ? new Row("t", row.getInt32("id"), row.getString("name"))
                    : null;
        }

        /** A minute: an empty poll takes half a second. */
        @Override
        public int idlePolls() {
            return 120;
        }

        /** A slot has one reader at a time, so a successor cannot start before a task has ended. */
        @Override
        public Set<Ending> endings() {
            return Set.of(Ending.DEATH, Ending.STOP);
        }

        @Override
        public boolean startsAreDear() {
            return true;
        }

        /** Its connections and its threads go with the process, and nothing is left to tell the server anything. */
        @Override
        public void died(SourceTask task) {
            cutConnections();
            task.stop();
            cutConnections();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> database.text(SLOT_IS_READ + " AND database = '" + database.name() + "'")
                            .equals("0"));
        }

        private void cutConnections() {
            database.text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '"
                    + database.name() + "' AND pid <> pg_backend_pid()");
        }

        @Override
        public void close() {
            PostgresCdcSourceConnector.dropSlotAndPublication(database.config());
        }
    }
}
