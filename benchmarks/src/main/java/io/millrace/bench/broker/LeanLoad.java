package io.millrace.bench.broker;

/** What lean producers send: so many connections, each with so many requests of one batch. */
record LeanLoad(int connections, int requests, int batchBytes, int recordBytes) {

    /** As many as Kafka's own producer has. */
    static final int IN_FLIGHT_MAX = 5;
}
