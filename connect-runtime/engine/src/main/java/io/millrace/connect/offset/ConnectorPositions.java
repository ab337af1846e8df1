package io.millrace.connect.offset;

import io.millrace.connect.log.OutgoingRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The committed positions of one source connector. Where it has a topic of its own for them, that one counts; the
 * worker's topic gets them too, as soon as may be, and counts for a source partition that the other does not know. So a
 * connector can be given a topic of its own, and be parted from it.
 *
 * <p><b>Threads.</b> Any.
 */
public final class ConnectorPositions {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectorPositions.class);

    private final String connector;
    private final OffsetStore worker;
    private final OffsetStore own;

    ConnectorPositions(String connector, OffsetStore worker, OffsetStore own) {
        this.connector = connector;
        this.worker = worker;
        this.own = own;
    }

    /** Where the positions that count are written to. */
    public String topic() {
        return own.topic();
    }

    /** All committed positions: position of each source partition. */
    public Map<Map<String, Object>, Map<String, Object>> read() {
        Map<Map<String, Object>, Map<String, Object>> positions = new HashMap<>(worker.read(connector));
        if (own != worker) {
            positions.putAll(own.read(connector));
        }
        return positions;
    }

    /** What the connector and its tasks are given to read their positions with. */
    public PositionReader reader() {
        return new PositionReader(this::read, own::normal);
    }

    /** A source partition or position as it will be when it is read back: a whole number is a long. */
    public Map<String, Object> normal(Map<String, ?> given) {
        return own.normal(given);
    }

    /**
     * Commits positions. Completes when the log has all of them.
     *
     * @param offsets position of each source partition; a null position deletes it
     */
    public CompletableFuture<Void> write(Map<? extends Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        if (own == worker) {
            return worker.write(connector, offsets);
        }
        // What is deleted goes from the worker's topic first: it would count again without the other.
        Map<Map<String, ?>, @Nullable Map<String, ?>> deleted = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset == null) {
                deleted.put(partition, null);
            }
        });
        return worker.write(connector, deleted)
                .thenCompose(done -> own.write(connector, offsets))
                .thenRun(() -> committed(offsets));
    }

    /** The same as records, for a transaction of which they are to be a part; {@link #committed} comes after it. */
    public List<OutgoingRecord> records(Map<? extends Map<String, ?>, ? extends Map<String, ?>> offsets) {
        return own.records(connector, offsets);
    }

    /** The topic that counts has these positions: now the worker's may get them. Does not wait. */
    public void committed(Map<? extends Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        if (own == worker) {
            return;
        }
        var _ = worker.write(connector, offsets).exceptionally(failure -> {
            LOG.atWarn()
                    .addKeyValue("connector", connector)
                    .setCause(failure)
                    .log("positions are in the connector's topic, but not yet in the worker's");
            return null;
        });
    }
}
