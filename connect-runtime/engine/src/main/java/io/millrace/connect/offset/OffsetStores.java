package io.millrace.connect.offset;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.TopicSpec;
import java.util.HashMap;
import java.util.Map;

/**
 * The topics that hold positions of sources: the worker's, and those that connectors name for themselves
 * ({@code offsets.storage.topic}, KIP-618). The latter are made when they are first asked for, like the worker's own.
 *
 * <p><b>Threads.</b> Any. Asking for a topic for the first time reads it to its end.
 */
public final class OffsetStores implements AutoCloseable {

    private final LogClient log;
    private final TopicSpec spec;
    private final OffsetStore worker;
    private final Map<String, OffsetStore> own = new HashMap<>();

    /**
     * @param spec the worker's topic
     */
    public OffsetStores(LogClient log, TopicSpec spec) {
        this.log = log;
        this.spec = spec;
        log.ensureTopic(spec);
        this.worker = new OffsetStore(log, spec.name());
    }

    /**
     * The positions of a connector.
     *
     * @param topic the topic that it names for them; empty: none
     */
    public ConnectorPositions of(String connector, String topic) {
        boolean named = !topic.isBlank() && !topic.strip().equals(spec.name());
        return new ConnectorPositions(connector, worker, named ? own(topic.strip()) : worker);
    }

    private synchronized OffsetStore own(String topic) {
        OffsetStore store = own.get(topic);
        if (store == null) {
            log.ensureTopic(new TopicSpec(topic, spec.partitions(), spec.replicationFactor(), spec.configs()));
            store = new OffsetStore(log, topic);
            own.put(topic, store);
        }
        return store;
    }

    @Override
    public synchronized void close() {
        own.values().forEach(OffsetStore::close);
        worker.close();
    }
}
