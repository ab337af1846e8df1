package io.millrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.connect.testkit.contract.SimSinkContext;
import io.millrace.connector.tables.ChangeLog;
import io.millrace.connector.tables.TableSinkHarness;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sink does when PostgreSQL goes away, comes back, or says no. */
final class JdbcFailuresTest extends TableSinkHarness {

    private static final String[] APPEND = {"insert.mode", "insert", "pk.mode", "none"};
    private static final String COUNT = "SELECT count(*) FROM customers";
    private static JdbcServer server;

    private final ChangeLog log = new ChangeLog("customers");
    private Connection observer;
    private CuttingProxy proxy;

    @BeforeAll
    static void startServer() throws IOException {
        server = JdbcServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException, IOException {
        observer = server.freshDatabase();
        proxy = new CuttingProxy(0, server.port());
    }

    @AfterEach
    void closeObserver() throws SQLException, IOException {
        proxy.close();
        observer.close();
    }

    @Override
    protected SinkConnector connector() {
        return new JdbcSinkConnector();
    }

    @Override
    protected Map<String, String> settings() {
        return JdbcServer.settings(proxy.port());
    }

    @Override
    protected Connection observer() {
        return observer;
    }

    private void killBackends() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace'");
    }

    @Test
    void connectsAgainWhenTheServerEndedTheConnection() {
        SinkTask task = task(log.partitions(), APPEND);
        task.put(List.of(log.upsert(1, "a", 1)));
        killBackends();
        List<SinkRecord> batch = List.of(log.upsert(2, "b", 2));
        assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        task.put(batch);
        assertThat(query(COUNT)).containsExactly("2");
        assertThat(context(task).waits()).containsExactly(1L);
    }

    @Test
    void repeatsABatchThatWasCutInTheMiddle() throws SQLException {
        SinkTask task = task(log.partitions(), APPEND);
        task.put(List.of(log.upsert(1, "a", 1)));
        List<SinkRecord> batch = List.of(log.upsert(2, "b", 2), log.upsert(3, "c", 3));
        CompletableFuture<Void> put;
        try (Connection blocker = server.anotherConnection();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE");
            put = CompletableFuture.runAsync(() -> task.put(batch));
            await().until(() ->
                    query("SELECT 1 FROM pg_locks WHERE NOT granted").size() == 1);
            killBackends();
        }
        assertThatThrownBy(put::join).hasCauseInstanceOf(RetriableException.class);
        task.put(batch);
        assertThat(query(COUNT)).containsExactly("3");
    }

    @Test
    void doesNotRepeatACommitWhoseAnswerWasLost() {
        SinkTask task = task(log.partitions(), APPEND);
        task.put(List.of(log.upsert(1, "a", 1)));
        proxy.loseNextCommitAnswer();
        List<SinkRecord> batch = List.of(log.upsert(2, "b", 2), log.upsert(3, "c", 3));
        assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        assertThat(query(COUNT)).containsExactly("3");
        task.put(batch);
        assertThat(query(COUNT)).containsExactly("3");
    }

    @Test
    void waitsForADatabaseThatIsAway() throws IOException {
        int port = proxy.port();
        proxy.close();
        SimSinkContext context = new SimSinkContext(Map.of(), false);
        SinkTask task =
                task(context, log.partitions(), "connection.url", "jdbc:postgresql://localhost:" + port + "/shop");
        List<SinkRecord> batch = List.of(log.upsert(1, "a", 1));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        }
        proxy = new CuttingProxy(port, server.port());
        task.put(batch);
        assertThat(query(COUNT)).containsExactly("1");
        assertThat(context.waits()).containsExactly(1L, 2L, 4L);
    }

    @Test
    void givesUpAfterTheRetriesItHas() throws IOException {
        int port = proxy.port();
        proxy.close();
        String url = "jdbc:postgresql://localhost:" + port + "/shop";
        SinkTask task = task(log.partitions(), "connection.url", url, "max.retries", "1");
        List<SinkRecord> batch = List.of(log.upsert(1, "a", 1));
        assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        assertThatThrownBy(() -> task.put(batch))
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("gave up after 1 retries: PostgreSQL at " + url);
    }

    @Test
    void readsAgainFromWhereARestoredDatabaseIs() {
        SimSinkContext context = new SimSinkContext(Map.of(), false);
        SinkTask task = task(context, log.partitions());
        task.put(List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2)));
        execute("DELETE FROM customers WHERE id = 2");
        execute("UPDATE millrace_offsets SET next_offset = 1");
        killBackends();
        List<SinkRecord> batch = List.of(log.upsert(3, "c", 3));
        assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        task.put(batch);
        assertThat(context.rewinds()).isEqualTo(Map.of(log.partition(), 1L));
        assertThat(query(COUNT)).containsExactly("1");
    }

    @Test
    void leavesNoGapWhenGoingBackIsInterrupted() throws SQLException {
        ChangeLog orders = new ChangeLog("orders");
        SimSinkContext context = new SimSinkContext(Map.of(), false);
        SinkTask task = task(
                context,
                List.of(log.partition(), orders.partition()),
                "connection.properties.options",
                "-c lock_timeout=200ms");
        task.put(List.of(log.upsert(1, "a", 1), log.upsert(2, "b", 2), orders.upsert(1, "o", 1)));
        execute("UPDATE millrace_offsets SET next_offset = 1 WHERE topic = 'customers'");
        killBackends();
        List<SinkRecord> batch = List.of(log.upsert(3, "c", 3), orders.upsert(2, "p", 2));
        assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        try (Connection blocker = server.anotherConnection();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE orders IN EXCLUSIVE MODE");
            assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        }
        task.put(batch);
        assertThat(query("SELECT id FROM orders ORDER BY id")).containsExactly("1", "2");
        assertThat(query("SELECT next_offset FROM millrace_offsets WHERE topic = 'customers'"))
                .containsExactly("1");
        assertThat(context.rewinds()).isEqualTo(Map.of(log.partition(), 1L));
    }

    @Test
    void saysWhatIsWrongWithThePassword() {
        execute("DROP ROLE IF EXISTS locked");
        execute("CREATE ROLE locked LOGIN PASSWORD 'right'");
        assertThatThrownBy(() ->
                        task(log.partitions(), "connection.user", "locked", "connection.password", "wrong-secret"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("password authentication failed for user \"locked\"")
                .hasMessageContaining("Check connection.user and connection.password")
                .hasMessageNotContaining("wrong-secret");
        task(log.partitions(), "connection.user", "postgres");
    }

    @Test
    void saysWhatTheRoleLacks() {
        execute("DROP ROLE IF EXISTS reader");
        execute("CREATE ROLE reader LOGIN PASSWORD 'reader'");
        assertThatThrownBy(() -> task(log.partitions(), "connection.user", "reader", "connection.password", "reader"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("permission denied for schema public")
                .hasMessageContaining("As an owner, run: CREATE TABLE IF NOT EXISTS \"millrace_offsets\"");
    }

    @Test
    void saysThatAnUpsertNeedsAKey() {
        execute("CREATE TABLE customers (id bigint, name text, amount int)");
        SinkTask task = task(log.partitions());
        assertThatThrownBy(() -> task.put(List.of(log.upsert(1, "a", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("An upsert needs a primary key or unique constraint");
    }

    @Test
    void writesKeysInOrderThatTheColumnTakesForOne() {
        execute("CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        execute("CREATE TABLE customers (code text COLLATE nocase PRIMARY KEY, id bigint, name text, amount int)");
        SinkTask task = task(log.partitions(), "pk.fields", "code");
        task.put(List.of(coded("A", "first"), coded("b", "other"), coded("a", "last")));
        assertThat(query("SELECT name FROM customers ORDER BY code")).containsExactly("last", "other");
    }

    private SinkRecord coded(String code, String name) {
        SinkRecord row = log.upsert(1, name, 1);
        return log.record(Schema.STRING_SCHEMA, code, row.valueSchema(), row.value());
    }

    @Test
    void twoTasksWriteOneTableAtOnce() {
        ChangeLog other = new ChangeLog("customers", 1);
        SinkTask first = task(log.partitions());
        SinkTask second = task(other.partitions());
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> writeMany(first, log, 0));
        CompletableFuture<Void> two = CompletableFuture.runAsync(() -> writeMany(second, other, 1));
        one.join();
        two.join();
        assertThat(query(COUNT)).containsExactly("600");
    }

    private static void writeMany(SinkTask task, ChangeLog changes, int parity) {
        for (int i = 0; i < 300; i++) {
            task.put(List.of(changes.upsert(2L * i + parity, "n", i)));
        }
    }
}
