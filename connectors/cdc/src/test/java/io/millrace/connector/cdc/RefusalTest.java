package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connector.cdc.Databases.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What keeps a task from starting is one sentence, with the statement or key that repairs it. */
class RefusalTest {

    private final Database database = Databases.create();

    RefusalTest() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
    }

    @Test
    void serverWithoutLogicalDecoding() throws IOException {
        try (EmbeddedPostgres server = Databases.start("replica")) {
            Database plain = new Database("postgres", server.getPort());
            plain.execute("CREATE TABLE t (id int PRIMARY KEY)");
            assertRefused(plain.config())
                    .hasMessageContaining("\"replica\"")
                    .hasMessageContaining("ALTER SYSTEM SET wal_level = logical; and restart");
        }
    }

    @Test
    void roleWithoutReplication() {
        String role = role("LOGIN PASSWORD 'x'");
        assertRefused(with("database.user", role, "database.password", "x"))
                .hasMessageContaining("ALTER ROLE \"" + role + "\" REPLICATION");
    }

    @Test
    void roleThatMayNotReadATable() {
        String role = role("LOGIN REPLICATION PASSWORD 'x'");
        assertRefused(with("database.user", role, "database.password", "x"))
                .hasMessageContaining("GRANT SELECT ON public.t TO \"" + role + "\"");
    }

    @Test
    void roleThatMayNotPublishATable() {
        String role = role("LOGIN REPLICATION PASSWORD 'x'");
        database.execute("GRANT SELECT ON t TO " + role);
        Map<String, String> config = with("database.user", role, "database.password", "x");
        assertRefused(config)
                .hasMessageContaining("CREATE PUBLICATION " + config.get("publication.name") + " FOR TABLE public.t");
    }

    @Test
    void ownerThatMayNotMakeAPublication() {
        String role = role("LOGIN REPLICATION PASSWORD 'x'");
        database.execute("ALTER TABLE t OWNER TO " + role);
        assertRefused(with("database.user", role, "database.password", "x"))
                .hasMessageContaining("CREATE on the database")
                .hasMessageContaining("CREATE PUBLICATION");
    }

    @Test
    void roleThatOnlyReadsCapturesWhatItsOwnerPublished() {
        String role = role("LOGIN REPLICATION PASSWORD 'x'");
        Map<String, String> config = with("database.user", role, "database.password", "x");
        database.execute(
                "GRANT SELECT ON t TO " + role,
                "CREATE PUBLICATION " + config.get("publication.name") + " FOR TABLE t",
                "INSERT INTO t VALUES (1, 'x')");
        Capture capture = new Capture(config);
        try {
            assertThat(capture.start().await(1)).hasSize(1);
        } finally {
            capture.halt();
            database.execute("SELECT pg_drop_replication_slot('" + config.get("slot.name") + "')");
        }
    }

    @Test
    void publicationByHandThatLacksATable() {
        Map<String, String> config = with("publication.autocreate.mode", "disabled");
        database.execute("CREATE TABLE u (id int PRIMARY KEY)", "CREATE PUBLICATION p FOR TABLE u");
        config.put("publication.name", "p");
        assertRefused(config).hasMessageContaining("ALTER PUBLICATION p ADD TABLE public.t");
    }

    @Test
    void wrongPassword() {
        // The embedded server trusts every local password, so its rules are narrowed for one role.
        String role = role("LOGIN REPLICATION PASSWORD 'right'");
        String rules = database.text("SHOW hba_file");
        String before = database.text("SELECT pg_read_file('" + rules + "')");
        writeRules(rules, "host all " + role + " all scram-sha-256\n" + before);
        try {
            assertRefused(with("database.user", role, "database.password", "wrong"))
                    .hasMessageContaining("refuses the password of role \"" + role + "\"")
                    .hasMessageContaining("database.password");
        } finally {
            writeRules(rules, before);
        }
    }

    @Test
    void missingDatabase() {
        assertRefused(with("database.dbname", "nowhere"))
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("no database \"nowhere\"")
                .hasMessageContaining("database.dbname");
    }

    @Test
    void serverThatCannotBeReachedMayPass() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertRefused(with("database.port", Integer.toString(port)))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("localhost:" + port)
                .hasMessageContaining("database.port");
    }

    @Test
    void filterThatChoosesNothingNamesWhatIsThere() {
        database.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        assertRefused(with("table.include.list", "orders"))
                .hasMessageContaining("table.include.list=orders")
                .hasMessageContaining("It has public.orders, public.t");
    }

    @Test
    void tableWithoutAKey() {
        database.execute("CREATE TABLE nokey (a int)", "CREATE TABLE noidentity (a int NOT NULL UNIQUE)");
        assertRefused(database.config())
                .hasMessageContaining("ADD PRIMARY KEY")
                .hasMessageContaining("table.exclude.list=public.noidentity,public.nokey");
    }

    @Test
    void columnsThatTheStreamWouldLose() {
        database.execute("CREATE TABLE lossy (id int PRIMARY KEY, grid int[][], pay money[], "
                + "twice int GENERATED ALWAYS AS (id * 2) STORED)");
        String columns = "public.lossy.grid,public.lossy.pay,public.lossy.twice";
        assertRefused(database.config()).hasMessageContaining("column.exclude.list=" + columns);
        try (Capture capture = new Capture(with("column.exclude.list", columns)).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')");
            capture.await(1);
            database.execute("INSERT INTO lossy VALUES (1, '{{1,2}}', '{1}')");
            assertThat(capture.await(2)).hasSize(2);
        }
    }

    @Test
    void keyThatNeedsQuotesBesideLargeValues() {
        database.execute("CREATE TABLE \"Needs Quotes\" (\"Id\" int PRIMARY KEY, doc text)");
        String repair = "ALTER TABLE public.\"Needs Quotes\" REPLICA IDENTITY FULL";
        assertRefused(database.config()).hasMessageContaining(repair);
        database.execute(repair);
        new Capture(database.config()).start().close();
    }

    @Test
    void noReplicationSlotLeft() {
        List<String> slots = new ArrayList<>();
        String free = "SELECT current_setting('max_replication_slots')::int - count(*) FROM pg_replication_slots";
        for (int i = Integer.parseInt(database.text(free)); i > 0; i--) {
            slots.add("filler" + i);
            database.execute("SELECT pg_create_physical_replication_slot('filler" + i + "')");
        }
        try {
            assertRefused(database.config())
                    .hasMessageContaining("replication slots of the server are taken")
                    .hasMessageContaining("filler1")
                    .hasMessageContaining("pg_drop_replication_slot")
                    .hasMessageContaining("ALTER SYSTEM SET max_replication_slots");
        } finally {
            slots.forEach(slot -> database.execute("SELECT pg_drop_replication_slot('" + slot + "')"));
        }
    }

    @Test
    void slotThatIsGone() {
        try (Capture capture = new Capture(database.config()).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')");
            capture.await(1);
            capture.stop();
            database.execute(
                    "SELECT pg_drop_replication_slot('" + database.config().get("slot.name") + "')");
            assertThatThrownBy(capture::start)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("is gone")
                    .hasMessageContaining("delete the connector's offsets");
        }
    }

    @Test
    void slotThatWasMadeAnew() {
        String slot = database.config().get("slot.name");
        try (Capture capture = new Capture(database.config()).start()) {
            database.execute("INSERT INTO t VALUES (1, 'x')", "INSERT INTO t VALUES (2, 'x')");
            capture.await(2);
            capture.stop();
            database.execute(
                    "SELECT pg_drop_replication_slot('" + slot + "')",
                    "INSERT INTO t VALUES (3, 'lost')",
                    "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
            assertThatThrownBy(capture::start)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("past the connector's position");
        }
    }

    @Test
    void cleanupLeavesNothingBehind() {
        Capture capture = new Capture(database.config()).start();
        capture.close();
        assertThat(database.text("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
                .isEqualTo("0");
        assertThat(database.text("SELECT count(*) FROM pg_publication")).isEqualTo("0");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Map<String, String> config) {
        Capture capture = new Capture(config);
        return assertThatThrownBy(capture::start).isInstanceOf(ConnectException.class);
    }

    private String role(String options) {
        String role = "role_" + database.name();
        database.execute("CREATE ROLE " + role + " " + options);
        return role;
    }

    private void writeRules(String file, String rules) {
        try {
            Files.writeString(Path.of(file), rules);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        database.execute("SELECT pg_reload_conf()");
    }

    private Map<String, String> with(String... keysAndValues) {
        Map<String, String> config = database.config();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }
}
