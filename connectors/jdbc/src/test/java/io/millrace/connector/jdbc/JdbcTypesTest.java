package io.millrace.connector.jdbc;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connector.tables.ChangeLog;
import io.millrace.connector.tables.ColumnTypesContract;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types, on PostgreSQL. */
final class JdbcTypesTest extends ColumnTypesContract {

    private static JdbcServer server;
    private Connection observer;

    @BeforeAll
    static void startServer() throws IOException {
        server = JdbcServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        observer = server.freshDatabase();
        execute("SET TimeZone = 'UTC'");
    }

    @AfterEach
    void closeObserver() throws SQLException {
        observer.close();
    }

    @Override
    protected SinkConnector connector() {
        return new JdbcSinkConnector();
    }

    @Override
    protected Map<String, String> settings() {
        return server.settings();
    }

    @Override
    protected Connection observer() {
        return observer;
    }

    @Override
    protected Map<String, String> texts() {
        return Map.of("interval", "1 year 2 mons 3 days 04:05:06.5");
    }

    @Override
    protected Map<String, String> columnTypes() {
        return Map.ofEntries(
                entry("int8", "smallint"),
                entry("dec", "numeric(38,2)"),
                entry("dec_precise", "numeric(12,3)"),
                entry("dec_huge", "numeric(60,1)"),
                entry("dec_variable", "numeric"),
                entry("uuid", "uuid"),
                entry("json", "json"),
                entry("bits", "bit varying"),
                entry("date", "date"),
                entry("micro_time", "time without time zone"),
                entry("micro_ts", "timestamp without time zone"),
                entry("nano_ts", "bigint"),
                entry("zoned", "timestamp with time zone"),
                entry("zoned_time", "time with time zone"),
                entry("interval", "interval"),
                entry("ints", "integer[]"));
    }

    @Override
    protected String columnTypesQuery() {
        return "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = 'samples'::regclass AND attnum > 0";
    }

    @Test
    void fillsTablesOfOthersWhateverTheirColumnsRead() {
        execute("CREATE TYPE colour AS ENUM ('red', 'green')");
        execute("CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
        execute("CREATE TABLE things (id bigint PRIMARY KEY, c colour, p positive, j jsonb, u uuid, made timestamptz"
                + " DEFAULT '2020-01-01Z', v varchar(3), serial int GENERATED ALWAYS AS IDENTITY)");
        Schema row = SchemaBuilder.struct()
                .field("c", Schema.STRING_SCHEMA)
                .field("p", Schema.INT32_SCHEMA)
                .field("j", Schema.STRING_SCHEMA)
                .field("u", Schema.STRING_SCHEMA)
                .field("v", Schema.STRING_SCHEMA)
                .build();
        Struct thing = new Struct(row)
                .put("c", "green")
                .put("p", 5)
                .put("j", "{\"b\":1,  \"a\":2}")
                .put("u", "a0eebc999c0b4ef8bb6d6bb9bd380a11")
                .put("v", "abc");
        ChangeLog things = new ChangeLog("things");
        task(things.partitions()).put(List.of(things.row(1, thing)));
        assertThat(query("SELECT id, c, p, j, u, v, serial, made AT TIME ZONE 'UTC' FROM things"))
                .containsExactly("1|green|5|{\"a\": 2, \"b\": 1}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|abc|1"
                        + "|2020-01-01 00:00:00");
    }
}
