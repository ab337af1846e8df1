package io.millrace.connector.cdc;

import io.debezium.data.Envelope;
import io.debezium.time.Date;
import io.debezium.time.MicroTimestamp;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this connector's records of Debezium's: a safe position for every one, and a flat row for a change of a row.
 *
 * <p><b>Positions.</b> Debezium's offset points into a transaction, at the LSN of one change; many changes can share an
 * LSN (COPY, multi-row INSERT), and the LSNs of concurrent transactions interleave, so a restart there can leave
 * changes out (debezium/dbz#1554). PostgreSQL, in contrast, resumes exactly after a commit. So the offset of every
 * record is the last commit before its transaction: after a restart a transaction comes whole or not at all.
 *
 * <p><b>Rows.</b> Column defaults are left out of the schemas: with them, the Connect API reads a null as the default.
 *
 * <p>One thread at a time.
 */
final class RecordMapper {

    static final String LSN = "lsn";
    static final String LSN_COMMIT = "lsn_commit";
    private static final String SNAPSHOT = "snapshot";
    private static final String SNAPSHOT_COMPLETED = "snapshot_completed";
    private static final String LAST_SNAPSHOT_RECORD = "last_snapshot_record";

    /** Of Debezium's offset, what points into a transaction. Without it Debezium streams from {@link #LSN} on. */
    private static final Set<String> WITHIN_TRANSACTION = Set.of("lsn_proc", "messageType");

    /** Offsets with no other keys than these are the same for all changes between two commits. */
    private static final Set<String> PLAIN = Set.of(LSN, LSN_COMMIT, "lsn_proc", "messageType", "txId", "ts_usec");

    /** The first day that PostgreSQL knows, 4713-01-01 BC; what Debezium gives below is an infinite date. */
    private static final int FIRST_DAY = -2_440_588;

    private static final Set<Integer> PLUS_INFINITE_DAYS = Set.of(-622_191_234, -2_147_472_692);

    private static final int SHAPES_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RecordMapper.class);

    private record Shape(Schema schema, List<Field> from, List<Field> to) {}

    private final boolean flat;
    private final boolean metadata;
    private final long startLsn;
    private final IdentityHashMap<Schema, Shape> shapes = new IdentityHashMap<>();
    private Map<String, ?> lastOffset = Map.of();

    /** {@code startLsn} is where the slot stands, and so the position of changes before the first commit. */
    RecordMapper(CdcConfig config, long startLsn) {
        this.flat = config.flat();
        this.metadata = config.metadata();
        this.startLsn = startLsn;
    }

    /** Whether a stored offset was written before the first snapshot was through. */
    static boolean isSnapshotUnfinished(Map<String, ?> offset) {
        return offset.get(SNAPSHOT) != null
                && !Boolean.TRUE.equals(offset.get(SNAPSHOT_COMPLETED))
                && !Boolean.TRUE.equals(offset.get(LAST_SNAPSHOT_RECORD));
    }

    /** The record to send, or null when there is none to send for it. */
    @Nullable
    SourceRecord map(SourceRecord change) {
        Map<String, ?> offset = safeOffset(change.sourceOffset());
        if (!flat || !(change.value() instanceof Struct value) || !Envelope.isEnvelopeSchema(value.schema())) {
            return withOffset(change, offset);
        }
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        String operation = value.getString(Envelope.FieldName.OPERATION);
        return switch (operation) {
            case "d" -> row(change, offset, null, source);
            case "t" -> {
                LOG.atWarn()
                        .addKeyValue("topic", change.topic())
                        .log("a table was truncated, which a keyed change log cannot say: its rows stay downstream");
                yield null;
            }
            default -> row(change, offset, flatten(value, source, operation), source);
        };
    }

    private static SourceRecord row(SourceRecord change, Map<String, ?> offset, @Nullable Struct row, Struct source) {
        return new SourceRecord(
                change.sourcePartition(),
                offset,
                change.topic(),
                null,
                change.keySchema(),
                change.key(),
                row == null ? null : row.schema(),
                row,
                source.getInt64("ts_ms"));
    }

    private static SourceRecord withOffset(SourceRecord change, Map<String, ?> offset) {
        return new SourceRecord(
                change.sourcePartition(),
                offset,
                change.topic(),
                change.kafkaPartition(),
                change.keySchema(),
                change.key(),
                change.valueSchema(),
                change.value(),
                change.timestamp(),
                change.headers());
    }

    /** The offset as it may be stored: at a commit, or within the first snapshot. */
    Map<String, ?> safeOffset(Map<String, ?> offset) {
        if (offset.get(SNAPSHOT) != null) {
            return offset;
        }
        Object commit = offset.get(LSN_COMMIT);
        boolean plain = PLAIN.containsAll(offset.keySet());
        if (plain && commit != null && commit.equals(lastOffset.get(LSN_COMMIT))) {
            return lastOffset;
        }
        Map<String, Object> safe = new HashMap<>(offset);
        safe.keySet().removeAll(WITHIN_TRANSACTION);
        safe.put(LSN, commit == null ? startLsn : commit);
        if (plain && commit != null) {
            lastOffset = safe;
        }
        return safe;
    }

    private Struct flatten(Struct envelope, Struct source, String operation) {
        Struct after = envelope.getStruct(Envelope.FieldName.AFTER);
        if (shapes.size() > SHAPES_MAX) {
            shapes.clear();
        }
        Shape shape = shapes.computeIfAbsent(after.schema(), this::shape);
        Struct row = new Struct(shape.schema());
        for (int i = 0; i < shape.from().size(); i++) {
            Field from = shape.from().get(i);
            boolean defaulted = from.schema().defaultValue() != null;
            Object value = defaulted ? after.getWithoutDefault(from.name()) : after.get(from);
            row.put(shape.to().get(i), isDate(from) ? day((Integer) value) : value);
        }
        if (metadata) {
            row.put("__op", operation);
            row.put("__committed_at", source.getInt64("ts_us"));
            row.put("__lsn", source.getInt64("lsn"));
            row.put("__tx_id", source.getInt64("txId"));
        }
        return row;
    }

    private static boolean isDate(Field field) {
        return Date.SCHEMA_NAME.equals(field.schema().name());
    }

    /** Debezium has two numbers for each infinity, one in a snapshot and one in the stream. */
    private static @Nullable Integer day(@Nullable Integer epochDay) {
        if (epochDay == null || epochDay >= FIRST_DAY) {
            return epochDay;
        }
        return PLUS_INFINITE_DAYS.contains(epochDay) ? Integer.MAX_VALUE : -Integer.MAX_VALUE;
    }

    private Shape shape(Schema after) {
        SchemaBuilder builder = SchemaBuilder.struct().name(after.name()).version(after.version());
        after.fields().forEach(field -> builder.field(field.name(), withoutDefault(field.schema())));
        if (metadata) {
            builder.field("__op", Schema.STRING_SCHEMA);
            builder.field("__committed_at", MicroTimestamp.builder().optional().build());
            builder.field("__lsn", Schema.OPTIONAL_INT64_SCHEMA);
            builder.field("__tx_id", Schema.OPTIONAL_INT64_SCHEMA);
        }
        Schema schema = builder.build();
        return new Shape(schema, after.fields(), schema.fields());
    }

    private static Schema withoutDefault(Schema schema) {
        if (schema.defaultValue() == null) {
            return schema;
        }
        SchemaBuilder builder = switch (schema.type()) {
            case ARRAY -> SchemaBuilder.array(schema.valueSchema());
            case MAP -> SchemaBuilder.map(schema.keySchema(), schema.valueSchema());
            case STRUCT -> SchemaBuilder.struct();
            default -> new SchemaBuilder(schema.type());
        };
        if (schema.type() == Schema.Type.STRUCT) {
            schema.fields().forEach(field -> builder.field(field.name(), field.schema()));
        }
        if (schema.parameters() != null) {
            builder.parameters(schema.parameters());
        }
        builder.name(schema.name()).version(schema.version()).doc(schema.doc());
        return schema.isOptional() ? builder.optional().build() : builder.build();
    }
}
