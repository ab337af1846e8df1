package io.millrace.log.metadata;

/** The names of quotas (KIP-124, KIP-219, KIP-599, KIP-612). */
public final class QuotaKeys {

    /** Bytes a second that a client may produce. */
    public static final String PRODUCE_BYTES = "producer_byte_rate";

    /** Bytes a second that a client may fetch. */
    public static final String FETCH_BYTES = "consumer_byte_rate";

    /** Percent of one loop's time that a client's requests may take. */
    public static final String REQUEST_PERCENT = "request_percentage";

    /** Partitions a second that a client may create or delete. */
    public static final String MUTATIONS = "controller_mutation_rate";

    /** New connections a second from an address. */
    public static final String CONNECTION_RATE = "connection_creation_rate";

    private QuotaKeys() {}
}
