package io.millrace.log.api;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The API keys that are served, by id: what requests are dispatched by and ApiVersions answers from. */
public final class ApiTable {

    private final SortedMap<Short, RequestHandler<?>> handlers = new TreeMap<>();

    public ApiTable(List<RequestHandler<?>> all) {
        for (RequestHandler<?> handler : all) {
            if (handlers.put(handler.api().key().id, handler) != null) {
                throw new IllegalArgumentException(
                        "two handlers for " + handler.api().key());
            }
        }
        handlers.put(ApiVersionsHandler.API.key().id, new ApiVersionsHandler(this));
    }

    public @Nullable RequestHandler<?> find(short key) {
        return handlers.get(key);
    }

    /** In the order of their keys. */
    Collection<RequestHandler<?>> all() {
        return Collections.unmodifiableCollection(handlers.values());
    }
}
