package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers one API key. One instance per shard, listed in one table, which is also what ApiVersions answers from:
 * a key without a handler is not advertised.
 *
 * <p>A handler runs on the shard of the client's connection and never blocks. What belongs to another shard it asks
 * there ({@link LocalShard#ask}); an answer that must wait (for durability, a deadline, a group) is a promise that
 * completes later. Errors are answers: a handler throws only on a bug.
 *
 * @param <Q> the request's generated message
 */
public interface RequestHandler<Q extends ApiMessage> {

    Api api();

    /**
     * Handles one request.
     *
     * @param request parsed; its buffers are slices of the frame, readable until the promise completes
     * @return the answer's body, written in the version of the request
     */
    Promise<? extends ApiMessage> handle(Q request, RequestContext context);

    /** An API key with the versions that a handler serves, both ends included. */
    record Api(ApiKeys key, int versionMin, int versionMax) {

        public Api {
            if (versionMin < key.messageType.lowestSupportedVersion()
                    || versionMax > key.messageType.highestSupportedVersion(true)
                    || versionMin > versionMax) {
                throw new IllegalArgumentException(key + " has no versions " + versionMin + " to " + versionMax);
            }
        }

        public boolean serves(int version) {
            return versionMin <= version && version <= versionMax;
        }
    }
}
