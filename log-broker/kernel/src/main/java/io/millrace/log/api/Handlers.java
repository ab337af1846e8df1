package io.millrace.log.api;

import java.util.List;

/** Every API key that this broker serves, beside ApiVersions, which {@link ApiTable} adds. */
public final class Handlers {

    private Handlers() {}

    /** The handlers of one shard. */
    public static List<RequestHandler<?>> all(LocalShard shard) {
        return List.of(
                new ProduceHandler(shard),
                new FetchHandler(shard),
                new ListOffsetsHandler(shard),
                new MetadataHandler(shard),
                new InitProducerIdHandler(shard),
                new CreateTopicsHandler(shard));
    }
}
