package io.millrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RestApi;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, stage by stage, whether every change has reached every target: the faker has made its rows, PostgreSQL has
 * them, the replication slot has confirmed what PostgreSQL has written since, and both sinks have committed to the end
 * of their topics. Once a stage is passed it stays so, because the stages before it are at rest.
 */
final class Arrival {

    /** What is being waited for. */
    enum Stage {
        FAKER("the shop makes its rows"),
        POSTGRES("PostgreSQL takes the rows"),
        CAPTURE("their changes are captured"),
        TARGETS("warehouse and lake take the changes"),
        DONE("everything has arrived");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        Stage next() {
            return switch (this) {
                case FAKER -> POSTGRES;
                case POSTGRES -> CAPTURE;
                case CAPTURE -> TARGETS;
                case TARGETS, DONE -> DONE;
            };
        }
    }

    private final long rows;
    private final RestApi rest;
    private final Admin admin;
    private final Connection postgres;
    private Stage stage = Stage.FAKER;
    private @Nullable String writtenUpTo;

    Arrival(long rows, RestApi rest, Admin admin, Connection postgres) {
        this.rows = rows;
        this.rest = rest;
        this.admin = admin;
        this.postgres = postgres;
    }

    Stage stage() {
        return stage;
    }

    /** Looks again, and moves on as far as it is true. */
    Stage check() throws InterruptedException, ExecutionException, SQLException {
        while (stage != Stage.DONE && passed(stage)) {
            stage = stage.next();
        }
        return stage;
    }

    private boolean passed(Stage current) throws InterruptedException, ExecutionException, SQLException {
        return switch (current) {
            case FAKER -> made() >= rows;
            case POSTGRES -> caughtUp(DemoPipelines.TO_POSTGRES);
            case CAPTURE -> captured();
            case TARGETS -> caughtUp(DemoPipelines.WAREHOUSE) && caughtUp(DemoPipelines.LAKE);
            case DONE -> true;
        };
    }

    /** The sequence number that the faker's committed source offset holds. */
    private long made() throws InterruptedException {
        JsonNode offsets = rest.get(RestApi.connector(DemoPipelines.FAKER, "/offsets"));
        return offsets.path("offsets").path(0).path("offset").path("sequence").asLong(0);
    }

    /** True if a sink has committed offsets, and all of them stand at the end of their partitions. */
    private boolean caughtUp(String connector) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("connect-" + connector)
                .partitionsToOffsetAndMetadata()
                .get();
        var ends = admin.listOffsets(committed.keySet().stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get();
        return committed.size() >= ShopTable.ALL.size()
                && ends.entrySet().stream()
                        .allMatch(end -> Objects.requireNonNull(committed.get(end.getKey()))
                                        .offset()
                                >= end.getValue().offset());
    }

    private boolean captured() throws SQLException {
        if (writtenUpTo == null) {
            try (Statement statement = postgres.createStatement();
                    ResultSet result = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
                result.next();
                writtenUpTo = result.getString(1);
            }
        }
        String query = "SELECT count(*) > 0 AND bool_and(confirmed_flush_lsn >= ?::pg_lsn) FROM pg_replication_slots "
                + "WHERE database = current_database()";
        try (PreparedStatement statement = postgres.prepareStatement(query)) {
            statement.setString(1, writtenUpTo);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
