package io.millrace.connect.offset;

import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TableTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committed positions of source connectors, in a compacted topic of the log. Keys and values are those of Kafka
 * Connect: {@code ["connector",{source partition}]} and {@code {source offset}}, as JSON without schemas, so that its
 * offsets topic can be taken over.
 *
 * <p>Positions come back as JSON numbers do: any whole number is a {@code Long}.
 *
 * <p><b>Threads.</b> Any.
 */
final class OffsetStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetStore.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final String topic;
    private final JsonConverter json = new JsonConverter();
    private final Map<String, Map<Map<String, Object>, Map<String, Object>>> positions = new ConcurrentHashMap<>();
    private final TableTopic table;

    /** Reads the topic, which must exist, to its end. */
    OffsetStore(LogClient log, String topic) {
        this.topic = topic;
        json.configure(Map.of("schemas.enable", "false"), false);
        this.table = log.openTable(topic, this::accept);
    }

    private void accept(StoredRecord record) {
        try {
            List<?> key = (List<?>) fromBytes(record.payload().key());
            if (key == null || key.size() != 2 || !(key.getFirst() instanceof String connector)) {
                throw new DataException("not a list of connector and source partition");
            }
            Map<String, Object> partition = asMap(key.getLast());
            var ofConnector = positions.computeIfAbsent(connector, name -> new ConcurrentHashMap<>());
            Object offset = fromBytes(record.payload().value());
            if (offset == null) {
                ofConnector.remove(partition);
            } else {
                ofConnector.put(partition, asMap(offset));
            }
        } catch (DataException | ClassCastException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("not a record of positions, passed over");
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have strings for keys.
    private static Map<String, Object> asMap(@Nullable Object parsed) {
        return parsed == null ? Map.of() : (Map<String, Object>) parsed;
    }

    private @Nullable Object fromBytes(byte @Nullable [] bytes) {
        SchemaAndValue parsed = json.toConnectData(topic, bytes);
        return parsed.value();
    }

    private byte[] toBytes(Object value) {
        return json.fromConnectData(topic, null, value);
    }

    String topic() {
        return topic;
    }

    /** The map as it comes back from the topic. */
    Map<String, Object> normal(Map<String, ?> map) {
        return asMap(fromBytes(toBytes(map)));
    }

    /**
     * Commits positions. Completes when the log has all of them.
     *
     * @param offsets position of each source partition; a null position deletes it
     */
    CompletableFuture<Void> write(
            String connector, Map<? extends Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        List<CompletableFuture<AppendedAt>> writes = new ArrayList<>();
        offsets.forEach((partition, offset) -> {
            byte[] key = toBytes(List.of(connector, partition));
            writes.add(table.put(key, offset == null ? null : toBytes(offset)));
        });
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    /** The same as records, for a transaction of which they are to be a part. */
    List<OutgoingRecord> records(String connector, Map<? extends Map<String, ?>, ? extends Map<String, ?>> offsets) {
        List<OutgoingRecord> records = new ArrayList<>();
        offsets.forEach((partition, offset) -> records.add(new OutgoingRecord(
                topic, null, null, Payload.of(toBytes(List.of(connector, partition)), toBytes(offset)))));
        return records;
    }

    /** All committed positions of a connector: position of each source partition. */
    Map<Map<String, Object>, Map<String, Object>> read(String connector) {
        table.readToEnd(READ_TIMEOUT);
        return Map.copyOf(positions.getOrDefault(connector, Map.of()));
    }

    @Override
    public void close() {
        table.close();
        json.close();
    }
}
