package io.millrace.connector.cdc;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * The database server as the connector finds it: is it ready for change data capture, and where does the slot stand.
 *
 * <p>Every refusal is one sentence that says what is wrong and one that says, as a statement where there is one, how to
 * repair it. What may pass by itself (no connection, server starting) is a {@link RetriableException}; all else is a
 * {@link ConnectException}.
 *
 * <p>Holds one connection; not safe for use by several threads.
 */
final class PostgresServer implements AutoCloseable {

    /** A replication slot; positions are byte positions in the write-ahead log, null while there is none. */
    record Slot(@Nullable Long confirmedLsn, boolean active, boolean lost) {}

    private static final String SLOT = """
            SELECT confirmed_flush_lsn - '0/0'::pg_lsn, active, plugin, database, wal_status
            FROM pg_replication_slots WHERE slot_name = ?
            """;

    private static final String REPLICATION_ROLE = """
            SELECT rolreplication OR rolsuper OR EXISTS (
                SELECT FROM pg_roles m
                WHERE m.rolname IN ('rds_superuser', 'rds_replication', 'rdsrepladmin', 'cloudsqlsuperuser')
                AND pg_has_role(current_user, m.oid, 'MEMBER'))
            FROM pg_roles WHERE rolname = current_user
            """;

    private static final String IS_ACTIVE = "SELECT active FROM pg_replication_slots WHERE slot_name = ?";

    private static final int DROP_ATTEMPTS = 100;
    private static final int VERSION_MIN = 130_000;

    private final CdcConfig config;
    private final PostgresConnectorConfig postgres;
    private final PostgresConnection session;
    private final Connection connection;

    private PostgresServer(CdcConfig config, PostgresConnectorConfig postgres, PostgresConnection session)
            throws SQLException {
        this.config = config;
        this.postgres = postgres;
        this.session = session;
        this.connection = session.connection();
    }

    /** Connects with the config's host, database, role and encryption. */
    static PostgresServer connect(CdcConfig config) {
        PostgresConnectorConfig postgres = new PostgresConnectorConfig(config.configuration());
        PostgresConnection session = new PostgresConnection(postgres.getJdbcConfig(), "Millrace check");
        try {
            return new PostgresServer(config, postgres, session);
        } catch (SQLException e) {
            session.close();
            throw refused(config, e);
        }
    }

    private static ConnectException refused(CdcConfig config, SQLException e) {
        String where = "PostgreSQL at " + config.value(CdcConfig.HOST) + ":" + config.value(CdcConfig.PORT);
        String role = config.value(CdcConfig.USER);
        return switch (String.valueOf(e.getSQLState())) {
            case "28P01" ->
                new ConnectException(where + " refuses the password of role \"" + role + "\". Correct "
                        + "database.password, or run there: ALTER ROLE " + quoted(role) + " PASSWORD '...'");
            case "28000" ->
                new ConnectException(where + " does not let role \"" + role + "\" in: " + reason(e)
                        + ". Correct database.user, or allow the role in pg_hba.conf");
            case "3D000" ->
                new ConnectException(where + " has no database \"" + config.value(CdcConfig.DATABASE)
                        + "\". Correct database.dbname");
            default ->
                new RetriableException(where + " cannot be reached: " + reason(e)
                        + ". Check database.hostname and database.port, and that the server is up");
        };
    }

    /** What the driver says, as a part of a sentence. */
    private static String reason(SQLException e) {
        return String.valueOf(e.getMessage()).strip().replaceFirst("\\.+$", "");
    }

    /** Refuses a server or role that cannot do change data capture, and tables that cannot be captured. */
    void requireReady() {
        try {
            String role = text("SELECT current_user");
            requireVersion();
            requireLogicalDecoding();
            requireReplicationRole(role);
            new CapturedTables(config, postgres, connection, quoted(role)).require();
        } catch (SQLException e) {
            throw failed("checking the server", e);
        }
    }

    private void requireVersion() throws SQLException {
        if (Integer.parseInt(text("SHOW server_version_num")) < VERSION_MIN) {
            throw new ConnectException("The server is PostgreSQL " + text("SHOW server_version")
                    + ". This connector needs 13 or newer: upgrade the server");
        }
    }

    private void requireLogicalDecoding() throws SQLException {
        String level = text("SHOW wal_level");
        if (!"logical".equals(level)) {
            throw new ConnectException(
                    "The server's wal_level is \"" + level + "\", which does not hold the changes of "
                            + "rows. Run there: ALTER SYSTEM SET wal_level = logical; and restart the server");
        }
    }

    private void requireReplicationRole(String role) throws SQLException {
        if (!"t".equals(text(REPLICATION_ROLE))) {
            throw new ConnectException("Role \"" + role + "\" may not read the change stream. Run as a superuser: "
                    + "ALTER ROLE " + quoted(role) + " REPLICATION");
        }
    }

    /** The connector's slot, or null when there is none. */
    @Nullable
    Slot slot() {
        String name = config.value(CdcConfig.SLOT);
        try (PreparedStatement query = connection.prepareStatement(SLOT)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                String database = row.getString(4);
                if (!"pgoutput".equals(row.getString(3))
                        || !config.value(CdcConfig.DATABASE).equals(database)) {
                    throw new ConnectException("Replication slot \"" + name + "\" is for plugin " + row.getString(3)
                            + " and database " + database + ". Give this connector another slot.name");
                }
                Long lsn =
                        row.getObject(1) == null ? null : row.getBigDecimal(1).longValueExact();
                return new Slot(lsn, row.getBoolean(2), "lost".equals(row.getString(5)));
            }
        } catch (SQLException e) {
            throw failed("reading the replication slot", e);
        }
    }

    /** Refuses a start that would need a new slot where the server has none left. */
    void requireFreeSlot() {
        try {
            int used = Integer.parseInt(text("SELECT count(*) FROM pg_replication_slots"));
            int most = Integer.parseInt(text("SHOW max_replication_slots"));
            if (used >= most) {
                String idle = text("SELECT string_agg(quote_ident(slot_name), ', ') FROM pg_replication_slots "
                        + "WHERE NOT active");
                throw new ConnectException("All " + most + " replication slots of the server are taken. "
                        + (idle.isEmpty()
                                ? "None is idle"
                                : "Idle are " + idle + ": drop what nobody needs with "
                                        + "SELECT pg_drop_replication_slot('...')")
                        + ", or run ALTER SYSTEM SET max_replication_slots = " + (most + 10)
                        + "; and restart the server");
            }
        } catch (SQLException e) {
            throw failed("counting the replication slots", e);
        }
    }

    /** Refuses to go on from a stored position whose changes the slot no longer holds: they would be lost unseen. */
    void requireContinuable(@Nullable Slot slot, Map<String, ?> offset) {
        String name = config.value(CdcConfig.SLOT);
        String again = "To start over with a new snapshot, delete the connector's offsets";
        if (slot == null) {
            throw new ConnectException("Replication slot \"" + name + "\" is gone, and with it the changes since the "
                    + "connector's last position " + lsn(offset.get(RecordMapper.LSN)) + ". " + again);
        }
        if (slot.lost()) {
            throw new ConnectException("The server has thrown away changes that replication slot \"" + name
                    + "\" had yet to send (max_slot_wal_keep_size). Drop it: SELECT pg_drop_replication_slot('" + name
                    + "'). " + again);
        }
        Object stored = offset.get(RecordMapper.LSN_COMMIT);
        boolean ours = postgres.getLsnFlushMode() == PostgresConnectorConfig.LsnFlushMode.CONNECTOR;
        if (ours
                && stored instanceof Number lsn
                && slot.confirmedLsn() != null
                && Long.compareUnsigned(slot.confirmedLsn(), lsn.longValue()) > 0) {
            throw new ConnectException("Replication slot \"" + name + "\" stands at " + lsn(slot.confirmedLsn())
                    + ", past the connector's position " + lsn(stored) + ": it was made anew or read by somebody else, "
                    + "and the changes between are gone. " + again);
        }
    }

    /** Drops the connector's slot and publication where they exist. A slot that somebody reads cannot be dropped. */
    void dropSlotAndPublication() {
        try {
            String slot = config.value(CdcConfig.SLOT);
            for (int i = 0; i < DROP_ATTEMPTS && "t".equals(text(IS_ACTIVE, slot)); i++) {
                text("SELECT pg_sleep(0.1)"); // the sender of a connector that has just ended needs a moment to notice
            }
            text("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?", slot);
            session.execute("DROP PUBLICATION IF EXISTS " + quoted(config.value(CdcConfig.PUBLICATION)));
        } catch (SQLException e) {
            throw failed("dropping the replication slot and the publication", e);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private String text(String sql, String... arguments) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                query.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                String value = row.next() ? row.getString(1) : null;
                return value == null ? "" : value;
            }
        }
    }

    private static ConnectException failed(String doing, SQLException e) {
        return new ConnectException("PostgreSQL refused " + doing + ": " + e.getMessage(), e);
    }

    private static String lsn(@Nullable Object position) {
        if (!(position instanceof Number number)) {
            return "(none)";
        }
        long lsn = number.longValue();
        return "%X/%X".formatted(lsn >>> 32, lsn & 0xFFFF_FFFFL);
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
